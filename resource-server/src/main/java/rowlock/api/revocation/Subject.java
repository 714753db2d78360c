/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import rowlock.api.token.Claims;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who or what an event is about: a subject identifier (RFC 9493), or several of them that together
 * name one thing (OpenID Shared Signals Framework 1.0 section 3.2, "complex").
 *
 * @param account the user; null when none is named
 * @param session the session
 * @param client the OAuth client
 * @param everybody whether it is all of the issuer's users
 */
record Subject(
    @Nullable UUID account, @Nullable String session, @Nullable String client, boolean everybody) {

  /** A member that nobody here knows could narrow down what is meant, so it is not passed over. */
  private static final Set<String> MEMBERS =
      Set.of("format", "user", "session", "application", "tenant");

  private static final UUID NIL = new UUID(0, 0);

  /** Reads {@code sub_id}; null when it is not in a form that is known here. */
  static @Nullable Subject read(@Nullable JsonNode node, String issuer) {
    if (!(node instanceof ObjectNode subject)) {
      return null;
    }
    return switch (format(subject)) {
      case "iss_sub" -> {
        UUID account = account(subject, issuer);
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
    UUID account = account(subject.get("user"), issuer);
    String session = opaque(subject.get("session"));
    String client = opaque(subject.get("application"));
    String tenant = opaque(subject.get("tenant"));
    if ((account == null && subject.has("user"))
        || (session == null && subject.has("session"))
        || (client == null && subject.has("application"))
        || (tenant == null && subject.has("tenant"))) {
      return null;
    }
    boolean everybody = tenant != null && account == null && session == null && client == null;
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

  /** The user of this {@code sub}, as access tokens name users. */
  static @Nullable UUID account(@Nullable String sub) {
    if (sub == null || !Claims.isCanonicalUuid(sub)) {
      return null;
    }
    UUID account = UUID.fromString(sub);
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
