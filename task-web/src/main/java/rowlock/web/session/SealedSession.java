/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a row keeps sealed. Plain JSON into one fixed type: whatever were to be written into a row,
 * nothing in it names a class.
 */
record SealedSession(
    String access,
    long refreshAt,
    long expiresAt,
    String refresh,
    long life,
    String subject,
    @Nullable String name,
    @Nullable String email,
    @Nullable Long authenticatedAt,
    @Nullable String nonce) {

  private static final String PURPOSE = "session tokens";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static SealedSession of(Tokens tokens, Identity identity) {
    return new SealedSession(
        tokens.access(),
        tokens.refreshAt().toEpochMilli(),
        tokens.expiresAt().toEpochMilli(),
        tokens.refresh(),
        tokens.life().toSeconds(),
        identity.subject(),
        identity.name(),
        identity.email(),
        identity.authenticatedAt(),
        identity.nonce());
  }

  /** Bound to the row: copied into another one it does not open. */
  byte[] seal(Seal seal, SessionSecret secret) {
    return seal.seal(PURPOSE, secret.bytes(), secret.id(), JSON.writeValueAsBytes(this));
  }

  static Optional<SealedSession> open(Seal seal, SessionSecret secret, byte[] sealed) {
    try {
      return seal.open(PURPOSE, secret.bytes(), secret.id(), sealed)
          .map(content -> JSON.readValue(content, SealedSession.class));
    } catch (JacksonException ofAnotherVersion) {
      return Optional.empty();
    }
  }

  Tokens tokens() {
    return new Tokens(
        access,
        Instant.ofEpochMilli(refreshAt),
        Instant.ofEpochMilli(expiresAt),
        refresh,
        Duration.ofSeconds(life));
  }

  Identity identity() {
    return new Identity(subject, name, email, authenticatedAt, nonce);
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return "SealedSession";
  }
}
