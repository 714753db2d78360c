/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rowlock.web.issuer.Identity;
import rowlock.web.issuer.Tokens;
import rowlock.web.seal.Seal;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sealed content of a session row, as JSON of this fixed type. The content cannot name a class, so
 * that a manipulated row cannot cause the deserialization of another type.
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

  /** Seals the content, bound to the row: a copy in another row cannot be opened. */
  byte[] seal(Seal seal, SessionSecret secret) {
    return seal.seal(PURPOSE, secret.bytes(), secret.id(), JSON.writeValueAsBytes(this));
  }

  /** Returns the content, or null if it cannot be decrypted or read. */
  static @Nullable SealedSession open(Seal seal, SessionSecret secret, byte[] sealed) {
    var content = seal.open(PURPOSE, secret.bytes(), secret.id(), sealed);
    if (content == null) {
      return null;
    }
    try {
      return JSON.readValue(content, SealedSession.class);
    } catch (JacksonException e) {
      return null;
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

  /** Omits the tokens. */
  @Override
  public String toString() {
    return "SealedSession";
  }
}
