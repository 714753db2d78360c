/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import rowlock.api.token.Claims;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The subject of an event: a subject identifier (RFC 9493), or several that together identify one
 * subject (OpenID Shared Signals Framework 1.0 section 3.2, "complex").
 *
 * @param account the user; null if none is named
 * @param session the session
 * @param client the OAuth client
 * @param everybody whether the subject is all users of the issuer
 */
record Subject(
    @Nullable UUID account, @Nullable String session, @Nullable String client, boolean everybody) {

  /** The supported members. An unknown member could narrow the subject, so it is not ignored. */
  private static final Set<String> MEMBERS =
      Set.of("format", "user", "session", "application", "tenant");

  private static final UUID NIL = new UUID(0, 0);

  /** Reads {@code sub_id}; null if its format is not supported. */
  static @Nullable Subject read(@Nullable JsonNode node, String issuer) {
    if (!(node instanceof ObjectNode subject)) {
      return null;
    }
    return switch (format(subject)) {
      case "iss_sub" -> {
        var account = account(subject, issuer);
        yield account == null ? null : new Subject(account, null, null, false);
      }
      case "complex" -> complex(subject, issuer);
      default -> null;
    };
  }

  private static @Nullable Subject complex(ObjectNode subject, String issuer) {
    if (!MEMBERS.containsAll(subject.propertyNames())) {
      return null;
    }
    var account = account(subject.get("user"), issuer);
    var session = opaque(subject.get("session"));
    var client = opaque(subject.get("application"));
    var tenant = opaque(subject.get("tenant"));
    if ((account == null && subject.has("user"))
        || (session == null && subject.has("session"))
        || (client == null && subject.has("application"))
        || (tenant == null && subject.has("tenant"))) {
      return null;
    }
    var everybody = tenant != null && account == null && session == null && client == null;
    return account == null && session == null && !everybody
        ? null
        : new Subject(account, session, client, everybody);
  }

  private static @Nullable UUID account(@Nullable JsonNode node, String issuer) {
    if (!(node instanceof ObjectNode subject)
        || !format(subject).equals("iss_sub")
        || !issuer.equals(Claims.text(subject.get("iss")))) {
      return null;
    }
    return account(Claims.text(subject.get("sub")));
  }

  /** Returns the account of this {@code sub}, as in access tokens. */
  static @Nullable UUID account(@Nullable String sub) {
    if (sub == null || !Claims.isCanonicalUuid(sub)) {
      return null;
    }
    var account = UUID.fromString(sub);
    return account.equals(NIL) ? null : account;
  }

  private static @Nullable String opaque(@Nullable JsonNode node) {
    return node instanceof ObjectNode subject && format(subject).equals("opaque")
        ? Claims.text(subject.get("id"))
        : null;
  }

  private static String format(ObjectNode subject) {
    return subject.path("format").asString("");
  }
}
