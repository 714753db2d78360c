/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rowlock.realm.model.Kind;
import rowlock.realm.model.RealmObject;
import rowlock.realm.plan.Change;
import rowlock.realm.plan.Plan;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerException;

/**
 * Finds who changed an object last, in the admin events of the realm. A realm that stores none, or
 * an account without the role view-events, gives no answer.
 */
public final class AdminEvents {
  private static final String PATH = "admin-events";
  private static final int FORBIDDEN = 403;

  private final AdminClient admin;
  private final Map<String, String> names = new HashMap<>();

  /** Uses the realm of a client. */
  public AdminEvents(AdminClient admin) {
    this.admin = admin;
  }

  /**
   * Returns the last event about the object of a change.
   *
   * @return null if no event is stored
   */
  public @Nullable AdminChange last(Change change, Plan plan) {
    try {
      var event = admin.find(query(change, plan.server().get(change.key())), PATH).path(0);
      return event.isMissingNode() ? null : read(event);
    } catch (ServerException e) {
      if (e.status() == FORBIDDEN) {
        return null;
      }
      throw e;
    }
  }

  private static Map<String, Object> query(Change change, @Nullable RealmObject server) {
    Map<String, Object> query = new HashMap<>();
    query.put("max", 1);
    query.put("direction", "desc");
    var path = server == null ? "" : path(server);
    if (!path.isEmpty()) {
      query.put("resourcePath", path + "*");
    } else {
      query.put("resourceTypes", types(change.key().kind()));
      if (server == null) {
        query.put("operationTypes", "DELETE");
      }
    }
    return query;
  }

  /** Events name objects by id. Steps of flows are objects of their own, so flows have no path. */
  private static String path(RealmObject server) {
    var name = server.key().name();
    return switch (server.key().kind()) {
      case CLIENT -> "clients/" + server.id();
      case CLIENT_SCOPE -> "client-scopes/" + server.id();
      case GROUP -> "groups/" + server.id();
      case COMPONENT -> "components/" + server.id();
      case REQUIRED_ACTION -> "authentication/required-actions/" + name;
      case IDENTITY_PROVIDER -> "identity-provider/instances/" + name;
      case IDENTITY_PROVIDER_MAPPER -> "identity-provider/instances/" + server.key().parent();
      case LOCALIZATION -> "localization/" + name;
      case CLIENT_PROFILE -> "client-policies/profiles";
      case CLIENT_POLICY -> "client-policies/policies";
      default -> "";
    };
  }

  private static Object types(Kind kind) {
    return switch (kind) {
      case REALM -> List.of("REALM", "CLIENT_SCOPE");
      case ROLE -> List.of("REALM_ROLE", "REALM_ROLE_MAPPING");
      case CLIENT_ROLE -> List.of("CLIENT_ROLE", "CLIENT_ROLE_MAPPING");
      case SCOPE_MAPPING -> List.of("REALM_SCOPE_MAPPING", "CLIENT_SCOPE_MAPPING");
      case SERVICE_ACCOUNT -> List.of("REALM_ROLE_MAPPING", "CLIENT_ROLE_MAPPING");
      case FLOW ->
          List.of("AUTH_FLOW", "AUTH_EXECUTION_FLOW", "AUTH_EXECUTION", "AUTHENTICATOR_CONFIG");
      case CLIENT -> List.of("CLIENT");
      case CLIENT_SCOPE -> List.of("CLIENT_SCOPE");
      case GROUP -> List.of("GROUP");
      case COMPONENT -> List.of("COMPONENT");
      case USER_PROFILE -> List.of("USER_PROFILE");
      case REQUIRED_ACTION -> List.of("REQUIRED_ACTION");
      case IDENTITY_PROVIDER -> List.of("IDENTITY_PROVIDER");
      case IDENTITY_PROVIDER_MAPPER -> List.of("IDENTITY_PROVIDER_MAPPER");
      case LOCALIZATION, CLIENT_PROFILE, CLIENT_POLICY -> List.of("REALM");
    };
  }

  private AdminChange read(JsonNode event) {
    var details = event.path("authDetails");
    var user = details.path("userId").asText();
    return new AdminChange(
        Instant.ofEpochMilli(event.path("time").asLong()),
        event.path("operationType").asText(),
        event.path("resourcePath").asText(),
        (user.isEmpty() ? "an unknown user" : names.computeIfAbsent(user, this::nameOf))
            + " from "
            + details.path("ipAddress").asText("an unknown address"));
  }

  /** A user of another realm, or one that the account may not see, is named by its id. */
  private String nameOf(String id) {
    try {
      return admin.get("users", id).path("username").asText(id);
    } catch (ServerException e) {
      return "user " + id;
    }
  }
}
