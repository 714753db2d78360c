/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/**
 * Reads and ends the sessions of the user by Keycloak's account API. Each call exchanges the access
 * token for one with the scope {@code account-sessions} and discards it afterwards.
 *
 * <p>Methods return null if the issuer rejects the session's token, and throw {@link
 * IssuerUnavailableException} if it is unavailable.
 */
@Component
public final class DeviceSessions {
  // without this header Keycloak answers with the HTML of its account console
  private static final String JSON = "application/json";

  private static final String SCOPE = "account-sessions";
  private static final String AUDIENCE = "account";
  private static final String TOKEN_PATH = "/protocol/openid-connect/token";

  private final Issuer issuer;
  private final TokenEndpoint endpoint;
  private final RestClient http;

  DeviceSessions(Issuer issuer, TokenEndpoint endpoint, IssuerHttp http) {
    this.issuer = issuer;
    this.endpoint = endpoint;
    this.http = http.plain();
  }

  /**
   * Returns all sessions, the current one first, then the most recently used, or null if the issuer
   * rejects the token.
   */
  public @Nullable List<DeviceSession> list(Tokens tokens) {
    return call(
        tokens,
        token -> {
          var devices =
              http.get()
                  .uri(api("/devices"))
                  .headers(headers -> headers.setBearerAuth(token))
                  .header("Accept", JSON)
                  .retrieve()
                  .body(JsonNode.class);
          return devices == null ? List.of() : sessions(devices);
        });
  }

  /**
   * Ends a session. An id of another user's session has no effect.
   *
   * @return true, or null if the issuer rejects the token
   */
  public @Nullable Boolean end(Tokens tokens, String id) {
    return delete(tokens, "/{id}", id);
  }

  /**
   * Ends all sessions except the current one.
   *
   * @return true, or null if the issuer rejects the token
   */
  public @Nullable Boolean endOthers(Tokens tokens) {
    return delete(tokens, "?current={current}", "false");
  }

  private @Nullable Boolean delete(Tokens tokens, String path, String value) {
    return call(
        tokens,
        token -> {
          http.delete()
              .uri(api(path), value)
              .headers(headers -> headers.setBearerAuth(token))
              .header("Accept", JSON)
              .retrieve()
              .toBodilessEntity();
          return true;
        });
  }

  private <T> @Nullable T call(Tokens tokens, Function<String, T> request) {
    try {
      var token = endpoint.exchange(tokens, SCOPE, AUDIENCE);
      return token == null ? null : request.apply(token);
    } catch (HttpClientErrorException.Unauthorized e) {
      return null;
    } catch (RestClientException e) {
      throw new IssuerUnavailableException("Request to the account API failed", e);
    }
  }

  /**
   * Derives the address from the token endpoint, because servers may reach the realm by another
   * name.
   */
  private String api(String path) {
    var tokenEndpoint = issuer.metadata().token();
    return tokenEndpoint.toString().replace(TOKEN_PATH, "/account/sessions") + path;
  }

  private static List<DeviceSession> sessions(JsonNode devices) {
    List<DeviceSession> found = new ArrayList<>();
    for (var device : devices) {
      for (var session : device.path("sessions")) {
        found.add(
            new DeviceSession(
                session.path("id").asString(),
                session.path("current").asBoolean(false),
                session.path("browser").asString(null),
                device.path("os").asString(null),
                session.path("ipAddress").asString(null),
                session.path("started").asLong(0),
                session.path("lastAccess").asLong(0)));
      }
    }
    found.sort(
        (one, other) ->
            one.current() == other.current()
                ? Long.compare(other.lastUsedAt(), one.lastUsedAt())
                : Boolean.compare(other.current(), one.current()));
    return List.copyOf(found);
  }
}
