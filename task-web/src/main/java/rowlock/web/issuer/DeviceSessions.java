/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.JsonNode;

/**
 * A person's own sessions, by Keycloak's account API. Each call has a token of its own, which is
 * good for nothing else and is forgotten afterwards.
 *
 * <p>Methods are empty when the issuer takes the session that asks for no good any more, and throw
 * {@link IssuerUnavailableException} when it cannot be asked.
 */
@Component
public final class DeviceSessions {

  // without it Keycloak takes the request for one of a browser
  private static final String JSON = "application/json";

  private static final String SCOPE = "account-sessions";
  private static final String AUDIENCE = "account";
  private static final String TOKEN_PATH = "/protocol/openid-connect/token";

  private final Issuer issuer;
  private final TokenEndpoint tokens;
  private final RestClient http;

  DeviceSessions(Issuer issuer, TokenEndpoint tokens, IssuerHttp http) {
    this.issuer = issuer;
    this.tokens = tokens;
    this.http = http.plain();
  }

  /** All of them, the current one first, then the last used. */
  public Optional<List<DeviceSession>> list(Tokens by) {
    return ask(
        by,
        token -> {
          JsonNode devices =
              http.get()
                  .uri(api("/devices"))
                  .headers(headers -> headers.setBearerAuth(token))
                  .header("Accept", JSON)
                  .retrieve()
                  .body(JsonNode.class);
          return devices == null ? List.of() : sessions(devices);
        });
  }

  /** Ends one of them; nothing happens to sessions of others. */
  public Optional<Boolean> end(Tokens by, String id) {
    return delete(by, "/{id}", id);
  }

  /** Ends all but the current one. */
  public Optional<Boolean> endOthers(Tokens by) {
    return delete(by, "?current={current}", "false");
  }

  private Optional<Boolean> delete(Tokens by, String path, String value) {
    return ask(
        by,
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

  private <T> Optional<T> ask(Tokens by, Function<String, T> question) {
    try {
      return tokens.exchange(by, SCOPE, AUDIENCE).map(question);
    } catch (HttpClientErrorException.Unauthorized over) {
      return Optional.empty();
    } catch (RestClientException failed) {
      throw new IssuerUnavailableException("The account cannot be asked", failed);
    }
  }

  /** Beside the token endpoint, which is where servers reach the realm. */
  private String api(String path) {
    URI endpoint = issuer.metadata().token();
    return endpoint.toString().replace(TOKEN_PATH, "/account/sessions") + path;
  }

  private static List<DeviceSession> sessions(JsonNode devices) {
    List<DeviceSession> found = new ArrayList<>();
    for (JsonNode device : devices) {
      for (JsonNode session : device.path("sessions")) {
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
