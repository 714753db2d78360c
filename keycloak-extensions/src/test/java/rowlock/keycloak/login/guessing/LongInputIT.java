/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.login.GuessingRealm;

/**
 * Long values, wherever the extension reads them, cost little and are rejected like invalid ones.
 */
class LongInputIT {
  private static final List<Integer> LENGTHS = List.of(1_000, 60_000);
  private static final int LARGE_BODY = 1_000_000;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static GuessingRealm realm;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For",
        "Forwarded",
        "Authorization",
        "DPoP",
        "Accept-Language",
        "User-Agent",
        "Content-Type",
        "Cookie",
        "Origin",
        "Referer"
      })
  void longHeader_isNotAServerError(String name) {
    for (var part : List.of(":", "a", ",", ";", " ", "\"", "a=b; ", "%41", "1.")) {
      for (var length : LENGTHS) {
        var value = prefix(name) + part.repeat(length / part.length()) + "x";
        var request = token("grant_type=password&client_id=limited-app&username=x&password=y");
        if (!name.equals("X-Forwarded-For")) {
          request.header("X-Forwarded-For", newIp());
        }
        assertRefusedSoon(name + " " + part + " " + length, request.setHeader(name, value));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "username",
        "password",
        "client_id",
        "client_secret",
        "client_assertion",
        "refresh_token",
        "scope",
        "grant_type"
      })
  void longFormField_isNotAServerError(String name) throws InterruptedException {
    for (var part : List.of(":", "a", ".", "&", "=", "\u00e4", "a@")) {
      for (var length : List.of(1_000, 60_000, LARGE_BODY)) {
        var value = URLEncoder.encode(part.repeat(length / part.length()) + "x", UTF_8);
        var form =
            "grant_type=password&client_id=limited-app&username=x&password=y&" + name + "=" + value;
        var request = token(form).header("X-Forwarded-For", newIp());
        if (form.length() < LARGE_BODY) {
          assertRefusedSoon(name + " " + part + " " + length, request);
        } else {
          assertRefusedOrHungUp(name + " " + part + " " + length, request);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/a", ";a=b", "%41", "..", "."})
  void longPath_isNotAServerError(String part) {
    for (var length : List.of(1_000, 3_000)) {
      for (var below : List.of("/protocol/openid-connect/", "/broker/", "/device/", "/")) {
        var address = realm.issuer() + below + part.repeat(length / part.length());
        assertRefusedSoon(
            below + " " + part + " " + length,
            HttpRequest.newBuilder(URI.create(address)).header("X-Forwarded-For", newIp()));
      }
    }
  }

  private static String prefix(String header) {
    return switch (header) {
      case "Authorization" -> "Basic ";
      case "Content-Type" -> "application/x-www-form-urlencoded;";
      case "Cookie" -> "a=";
      default -> "";
    };
  }

  private static HttpRequest.Builder token(String form) {
    return HttpRequest.newBuilder(URI.create(realm.issuer() + "/protocol/openid-connect/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form));
  }

  private static void assertRefusedSoon(String what, HttpRequest.Builder request) {
    var status =
        assertTimeout(
            Duration.ofSeconds(10),
            () -> HTTP.send(request.build(), BodyHandlers.discarding()).statusCode(),
            what);
    assertThat(status).as(what).isBetween(200, 499);
  }

  /**
   * The server may close the connection of a body that it does not read; it still answers others.
   */
  private static void assertRefusedOrHungUp(String what, HttpRequest.Builder request)
      throws InterruptedException {
    try {
      assertThat(HTTP.send(request.build(), BodyHandlers.discarding()).statusCode())
          .as(what)
          .isBetween(200, 499);
    } catch (IOException e) {
      assertRefusedSoon("after " + what, token("grant_type=x").header("X-Forwarded-For", newIp()));
    }
  }
}
