/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.KeycloakBuilder;
import org.keycloak.admin.client.resource.BearerAuthFilter;

/**
 * Calls the admin API of one realm. Keycloak's admin client signs in, renews the token and sends
 * the requests. Requests and responses are JSON, so that a field of a newer server is kept when an
 * object is read, changed and written.
 */
public final class AdminClient implements AutoCloseable {
  private static final int CONNECT_SECONDS = 10;
  private static final int READ_SECONDS = 120;
  private static final int UNAUTHORIZED = Response.Status.UNAUTHORIZED.getStatusCode();
  private static final int NOT_FOUND = Response.Status.NOT_FOUND.getStatusCode();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Client http;
  private final Keycloak keycloak;
  private final WebTarget realm;
  private final String name;

  /** Connects to a realm, over TLS with the authorities of the JDK. */
  public AdminClient(ServerAccount account, String realm) {
    this(account, realm, null);
  }

  /**
   * Connects to a realm. The first request signs in.
   *
   * @param tls settings of TLS connections; null for those of the JDK
   */
  public AdminClient(ServerAccount account, String realm, @Nullable SSLContext tls) {
    var builder =
        ClientBuilder.newBuilder()
            .connectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
            .readTimeout(READ_SECONDS, TimeUnit.SECONDS);
    this.http = (tls == null ? builder : builder.sslContext(tls)).build();
    this.keycloak =
        KeycloakBuilder.builder()
            .serverUrl(account.url())
            .realm(account.realm())
            .clientId(account.clientId())
            .clientSecret(account.clientSecret())
            .username(account.user())
            .password(account.password())
            .grantType(
                account.user() == null
                    ? OAuth2Constants.CLIENT_CREDENTIALS
                    : OAuth2Constants.PASSWORD)
            .resteasyClient(http)
            .build();
    this.name = realm;
    this.realm =
        http.target(URI.create(account.url()))
            .path("admin/realms/{realm}")
            .resolveTemplate("realm", realm)
            .register(new BearerAuthFilter(keycloak.tokenManager()));
  }

  /** Returns the name of the realm. */
  public String realm() {
    return name;
  }

  /**
   * Returns the representation of the whole realm. Secret values are replaced by asterisks.
   *
   * @throws ServerException with the status 404 if the realm does not exist
   */
  public ObjectNode export() {
    return export(true);
  }

  /**
   * Returns the same without groups and roles, of which a realm can have thousands: flows, and all
   * that is bound to them.
   */
  public ObjectNode exportFlows() {
    return export(false);
  }

  private ObjectNode export(boolean groupsAndRoles) {
    var target =
        realm
            .path("partial-export")
            .queryParam("exportClients", true)
            .queryParam("exportGroupsAndRoles", groupsAndRoles);
    try {
      return (ObjectNode) exchange("POST", target, null, true);
    } catch (ServerException e) {
      throw e.status() == NOT_FOUND
          ? new ServerException(
              NOT_FOUND, "Realm " + name + " does not exist: import the output of render once")
          : e;
    }
  }

  /** Returns an object, or a list. Each segment is one part of the path below the realm. */
  public JsonNode get(String... segments) {
    return send("GET", target(segments), null);
  }

  /** Returns a list that parameters restrict. A parameter can have several values. */
  public JsonNode find(Map<String, ?> parameters, String... segments) {
    var target = target(segments);
    for (var parameter : parameters.entrySet()) {
      var values =
          parameter.getValue() instanceof Collection<?> several
              ? several.toArray()
              : new Object[] {parameter.getValue()};
      target = target.queryParam(parameter.getKey(), values);
    }
    return send("GET", target, null);
  }

  /** Returns an object; a missing node if the server does not have it. */
  public JsonNode getIfPresent(String... segments) {
    try {
      return get(segments);
    } catch (ServerException e) {
      if (e.status() == NOT_FOUND) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  /** Creates an object and returns its id; empty if the server does not name one. */
  public String create(JsonNode content, String... segments) {
    return send("POST", target(segments), content).path("id").asText();
  }

  /** Replaces an object, or adds an element that the path names. */
  public void put(@Nullable JsonNode content, String... segments) {
    send("PUT", target(segments), content);
  }

  /** Replaces a text. */
  public void putText(String text, String... segments) {
    exchange("PUT", target(segments), Entity.text(text), true);
  }

  /** Removes an object. */
  public void delete(String... segments) {
    send("DELETE", target(segments), null);
  }

  /** Removes elements of a list. */
  public void delete(JsonNode elements, String... segments) {
    send("DELETE", target(segments), elements);
  }

  private WebTarget target(String... segments) {
    var target = realm;
    Map<String, Object> values = new HashMap<>();
    for (var index = 0; index < segments.length; index++) {
      target = target.path("{segment" + index + "}");
      values.put("segment" + index, segments[index]);
    }
    return target.resolveTemplates(values, true);
  }

  private JsonNode send(String method, WebTarget target, @Nullable JsonNode content) {
    return exchange(
        method,
        target,
        content == null ? null : Entity.json(content.toString()),
        !method.equals("POST"));
  }

  /**
   * Repeats a request once if its token was invalid, because a change such as another address of
   * the realm ends the token with which it was made, or if the server closed an idle connection.
   * Only requests that can be repeated are sent again without a response.
   */
  private JsonNode exchange(
      String method, WebTarget target, @Nullable Entity<String> content, boolean repeatable) {
    try {
      return exchangeOnce(method, target, content);
    } catch (ServerException e) {
      var expired = e.status() == UNAUTHORIZED && !e.isSignIn();
      var closed = e.status() == 0 && repeatable;
      if (!expired && !closed) {
        throw e;
      }
      return repeat(method, target, content, closed);
    }
  }

  /** An object that the first request has removed is missing at the second. */
  private JsonNode repeat(
      String method, WebTarget target, @Nullable Entity<String> content, boolean closed) {
    try {
      return exchangeOnce(method, target, content);
    } catch (ServerException e) {
      if (closed && method.equals("DELETE") && e.status() == NOT_FOUND) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  private JsonNode exchangeOnce(String method, WebTarget target, @Nullable Entity<String> content) {
    var path = target.getUri().getPath();
    try (var response =
        target.request(MediaType.APPLICATION_JSON).build(method, content).invoke()) {
      var text = response.hasEntity() ? response.readEntity(String.class) : "";
      if (response.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL) {
        throw new ServerException(
            response.getStatus(),
            method + " " + path + " was answered " + response.getStatus() + reasonIn(text));
      }
      return content(response, text);
    } catch (WebApplicationException e) {
      throw signInFailed(e);
    } catch (ProcessingException e) {
      throw e.getCause() instanceof WebApplicationException refused
          ? signInFailed(refused)
          : new ServerException(0, method + " " + path + " failed: " + causeOf(e));
    }
  }

  private static ServerException signInFailed(WebApplicationException e) {
    return ServerException.signIn(e.getResponse().getStatus());
  }

  private static String causeOf(Throwable e) {
    var cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  /** An object that was created is named by the address in the response. */
  private static JsonNode content(Response response, String text) {
    try {
      if (!text.isBlank()) {
        return JSON.readTree(text);
      }
    } catch (JsonProcessingException e) {
      throw new ServerException(response.getStatus(), "The response is not JSON");
    }
    var location = response.getLocation();
    if (location == null) {
      return MissingNode.getInstance();
    }
    var path = location.getPath();
    return JSON.createObjectNode().put("id", path.substring(path.lastIndexOf('/') + 1));
  }

  private static String reasonIn(String text) {
    try {
      var answer = JSON.readTree(text);
      for (var field : new String[] {"errorMessage", "error_description", "error"}) {
        if (answer.hasNonNull(field)) {
          return ": " + answer.path(field).asText();
        }
      }
    } catch (JsonProcessingException e) {
      return ""; // a page of a proxy
    }
    return "";
  }

  @Override
  public void close() {
    keycloak.close();
    http.close();
  }
}
