/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.limit.ClientBlock;
import rowlock.web.settings.IssuerSettings;
import rowlock.web.settings.ServerSettings;

/** Fetches of the issuer's keys that unknown key ids cause. */
class IssuerKeysTest {
  private static final ClientBlock ATTACKER = ClientBlock.of("192.0.2.1");
  private static final ClientBlock KEYCLOAK = ClientBlock.of("192.0.2.2");

  private final RSAKey key = newKey("old");
  private final AtomicInteger fetches = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private volatile JWKSet published = new JWKSet(key);
  private HttpServer server;
  private IssuerKeys keys;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    var issuer = "http://localhost:" + server.getAddress().getPort();
    answer("/.well-known/openid-configuration", () -> metadata(issuer));
    answer(
        "/certs",
        () -> {
          fetches.incrementAndGet();
          return published.toString();
        });
    server.start();
    var settings =
        new IssuerSettings(
            issuer,
            URI.create(issuer + "/.well-known/openid-configuration"),
            "task-web",
            Path.of("none"),
            Set.of("PS256"),
            true);
    var http = new IssuerHttp();
    var registered =
        new Issuer(
            settings,
            new ServerSettings(
                8000, 8001, URI.create("http://localhost"), "127.0.0.1", "127.0.0.1"),
            http);
    keys = new IssuerKeys(registered, http, nanos::get);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @FieldReport("https://github.com/engram-app/Engram/issues/1641")
  @Test
  void forgedKeyIds_ofOneSender_doNotBlockANewKey() {
    for (var i = 0; i < 50; i++) {
      assertThat(keys.knows("forged-" + i, ATTACKER)).isFalse();
    }
    assertThat(fetches).as("the first fetch and two for the sender").hasValue(3);
    publish("new");

    assertThat(keys.knows("new", KEYCLOAK)).isTrue();
    assertThat(fetches).hasValue(4);
  }

  @Test
  void forgedKeyIds_ofManySenders_causeFewFetches() {
    for (var i = 0; i < 200; i++) {
      keys.knows("forged-" + i, ClientBlock.of("10.0.0." + i));
    }
    assertThat(fetches).hasValue(7);

    pass(Duration.ofSeconds(5));
    publish("new");
    assertThat(keys.knows("new", KEYCLOAK)).as("one more fetch every five seconds").isTrue();
  }

  @Test
  void unknownKeyId_isFetchedOnceInThirtySeconds() {
    for (var i = 0; i < 20; i++) {
      assertThat(keys.knows("unknown", ClientBlock.of("10.0.0." + i))).isFalse();
    }
    assertThat(fetches).hasValue(2);
    pass(Duration.ofSeconds(30));
    publish("unknown");
    assertThat(keys.knows("unknown", KEYCLOAK)).isTrue();
  }

  @Test
  void idTokenKey_isFetchedInSpiteOfForgedLogoutTokens() throws Exception {
    for (var i = 0; i < 200; i++) {
      keys.knows("forged-" + i, ClientBlock.of("10.0.0." + i));
    }
    publish("new");

    assertThat(keys.get(select("new"), null)).hasSize(1);
  }

  @Test
  void unknownKeyId_ofSenderOverBudget_causesNoFetch() {
    assertThat(keys.knows("old")).isTrue();
    assertThat(keys.knows("forged")).isFalse();
    assertThat(fetches).hasValue(1);
  }

  @Test
  void withdrawnKey_isRejectedAfterFiveMinutes() {
    assertThat(keys.knows("old")).isTrue();
    published = new JWKSet(newKey("other"));
    pass(Duration.ofMinutes(5));
    assertThat(keys.knows("old")).isFalse();
  }

  @Test
  void lastValidKeys_areUsedForADayDuringAnOutage() {
    assertThat(keys.knows("old")).isTrue();
    server.stop(0);
    pass(Duration.ofHours(23));
    assertThat(keys.knows("old")).isTrue();
    pass(Duration.ofHours(2));
    assertThatThrownBy(() -> keys.knows("old")).isInstanceOf(IssuerUnavailableException.class);
  }

  @Test
  void unavailableIssuer_isRequestedAgainAfterAPause() {
    published = new JWKSet();
    server.removeContext("/certs");
    for (var i = 0; i < 20; i++) {
      assertThatThrownBy(() -> keys.knows("old", KEYCLOAK))
          .isInstanceOf(IssuerUnavailableException.class);
    }
    answer("/certs", () -> new JWKSet(key).toString());
    assertThatThrownBy(() -> keys.knows("old", KEYCLOAK))
        .isInstanceOf(IssuerUnavailableException.class);
    pass(Duration.ofSeconds(2));
    assertThat(keys.knows("old", KEYCLOAK)).isTrue();
  }

  private void publish(String kid) {
    published = new JWKSet(List.of(key, newKey(kid)));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static JWKSelector select(String kid) {
    return new JWKSelector(new JWKMatcher.Builder().keyID(kid).build());
  }

  private static RSAKey newKey(String kid) {
    try {
      return new RSAKeyGenerator(2048).keyID(kid).generate().toPublicJWK();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String metadata(String issuer) {
    return """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/auth","token_endpoint":"%1$s/token",
         "jwks_uri":"%1$s/certs","introspection_endpoint":"%1$s/introspect","end_session_endpoint":"%1$s/logout"}"""
        .formatted(issuer);
  }

  private void answer(String path, java.util.function.Supplier<String> body) {
    server.createContext(
        path,
        exchange -> {
          var content = body.get().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
  }
}
