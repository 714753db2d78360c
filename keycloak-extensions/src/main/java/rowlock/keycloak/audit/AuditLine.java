/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import rowlock.keycloak.support.JsonLine;

/**
 * One event as one line of JSON.
 *
 * <p>An allow-list: only members that are named here are in the line. Free text of the event's
 * details, redirect URIs, user names, representations and anything that a later server version adds
 * are left out.
 *
 * @param json one object, no line break, ASCII only
 * @param refused whether the event reports an attempt that was rejected
 */
record AuditLine(String json, boolean refused) {
  /**
   * Omitted on success: these events come with every request of an authenticated client and do not
   * concern logins. Their failures are logged.
   */
  private static final Set<EventType> TOO_COMMON =
      EnumSet.of(EventType.INTROSPECT_TOKEN, EventType.USER_INFO_REQUEST, EventType.CLIENT_INFO);

  private static final String ERROR_SUFFIX = "_ERROR";

  static boolean isLogged(EventType type) {
    return !TOO_COMMON.contains(type);
  }

  static AuditLine of(Event event) {
    var type = event.getType().name();
    var refused = event.getError() != null || type.endsWith(ERROR_SUFFIX);
    var line =
        new JsonLine()
            .id("ts", Instant.ofEpochMilli(event.getTime()).toString())
            .id("kind", "identity")
            .id(
                "event",
                type.endsWith(ERROR_SUFFIX)
                    ? type.substring(0, type.length() - ERROR_SUFFIX.length())
                    : type)
            .id("outcome", outcome(refused))
            .text("realm", event.getRealmName())
            .text("client_id", event.getClientId())
            .id("user_id", LoggableUserId.loggable(event.getUserId()))
            .text("session_id", event.getSessionId())
            .text("ip", event.getIpAddress())
            .text("reason", event.getError());
    Map<String, String> details = event.getDetails() == null ? Map.of() : event.getDetails();
    for (var detail : AuditDetail.values()) {
      line.id(detail.member(), detail.loggable(details.get(detail.key())));
    }
    return new AuditLine(line.toString(), refused);
  }

  static AuditLine of(AdminEvent event) {
    var by = event.getAuthDetails();
    var refused = event.getError() != null;
    var line =
        new JsonLine()
            .id("ts", Instant.ofEpochMilli(event.getTime()).toString())
            .id("kind", "admin")
            .id("event", nameOf(event.getOperationType()))
            .id("outcome", outcome(refused))
            .text("realm", event.getRealmName())
            .text("resource_type", event.getResourceTypeAsString())
            .id("resource", ResourcePath.loggable(event.getResourcePath()));
    if (by != null) {
      line.text("by_realm", by.getRealmName())
          .text("by_client", by.getClientId())
          .id("by_user", LoggableUserId.loggable(by.getUserId()))
          .text("ip", by.getIpAddress());
    }
    return new AuditLine(line.text("reason", event.getError()).toString(), refused);
  }

  private static String outcome(boolean refused) {
    return refused ? "failure" : "success";
  }

  private static @Nullable String nameOf(@Nullable Enum<?> value) {
    return value == null ? null : value.name();
  }
}
