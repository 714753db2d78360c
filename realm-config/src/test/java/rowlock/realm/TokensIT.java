/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.claims;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.get;
import static rowlock.realm.RealmServer.header;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.DeviceFlow;
import rowlock.local.login.OAuthException;
import tools.jackson.databind.JsonNode;

class TokensIT {
  @Test
  void accessToken_hasTheAudienceAndTheRequiredClaimsOnly() {
    var person = register();

    var token = person.tokens().accessToken();
    var claims = claims(token);

    assertThat(header(token).path("alg").asString()).isEqualTo("PS256");
    assertThat(header(token).path("typ").asString()).isEqualTo("at+jwt");
    assertThat(claims.propertyNames())
        .containsExactlyInAnyOrder(
            "iss",
            "aud",
            "sub",
            "exp",
            "iat",
            "jti",
            "auth_time",
            "acr",
            "typ",
            "azp",
            "client_id",
            "sid",
            "scope",
            "email",
            "email_verified");
    assertThat(claims.path("iss").asString()).isEqualTo(issuer());
    assertThat(claims.path("aud").isString()).isTrue();
    assertThat(claims.path("aud").asString()).isEqualTo("task-api");
    assertThat(claims.path("client_id").asString()).isEqualTo("task-cli");
    assertThat(claims.path("azp").asString()).isEqualTo("task-cli");
    assertThat(claims.path("scope").asString().split(" ")).contains("tasks.read", "tasks.write");
    assertThat(claims.path("email").asString()).isEqualTo(person.address());
    // the user has followed the link in the mail
    assertThat(claims.path("email_verified").asBoolean()).isTrue();
    assertThat(claims.path("sub").asString()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(claims.path("sid").asString()).isNotBlank();
    assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(300);
  }

  @Test
  void idToken_isDistinguishableFromAnAccessToken() {
    var token = register().tokens().idToken();

    assertThat(header(token).path("alg").asString()).isEqualTo("PS256");
    assertThat(header(token).path("typ").asString()).isEqualTo("JWT");
    assertThat(claims(token).path("typ").asString()).isEqualTo("ID");
    assertThat(claims(token).path("aud").asString()).isEqualTo("task-cli");
  }

  @Test
  void keySet_hasOneStrongKeyThatSignsTheTokens() throws GeneralSecurityException {
    var token = register().tokens().accessToken();

    var keys =
        RealmServer.JSON
            .readTree(get(issuer() + "/protocol/openid-connect/certs").body())
            .path("keys");

    assertThat(keys).hasSize(1);
    var key = keys.path(0);
    assertThat(key.path("alg").asString()).isEqualTo("PS256");
    assertThat(key.path("use").asString()).isEqualTo("sig");
    assertThat(key.path("kid").asString()).isEqualTo(header(token).path("kid").asString());
    assertThat(number(key, "n").bitLength()).isEqualTo(3072);
    assertThat(verifies(token, key)).isTrue();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/14122")
  @Test
  void refreshToken_usedBySecondTab_givesTheSameSuccessor() {
    var first = register().tokens();
    var successor = flow().refresh(first.requireRefreshToken()).requireRefreshToken();

    assertThat(flow().refresh(first.requireRefreshToken()).requireRefreshToken())
        .isEqualTo(successor);
    assertThat(flow().refresh(successor).requireRefreshToken()).isNotEqualTo(successor);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/16081")
  @Test
  void loginsOfTwoTabs_areRefreshedIndependently() {
    var person = register();
    var browser = flow().newBrowser();
    var firstTab = flow().begin(browser);
    var one =
        firstTab.finish(
            firstTab
                .loginPage()
                .submit(
                    "kc-form-login",
                    Map.of("username", person.address(), "password", RealmServer.PASSWORD)));
    var secondTab = flow().begin(browser);
    var other = secondTab.finish(secondTab.loginPage());
    assertThat(claims(other.accessToken()).path("sid"))
        .isEqualTo(claims(one.accessToken()).path("sid"));

    for (var round = 0; round < 3; round++) {
      one = flow().refresh(one.requireRefreshToken());
      other = flow().refresh(other.requireRefreshToken());
    }

    assertThat(one.requireRefreshToken()).isNotEqualTo(other.requireRefreshToken());
  }

  @Test
  void refreshToken_reusedAfterGraceWindow_endsTheSession() {
    var person = register();
    var first = person.tokens();
    var second = flow().refresh(first.requireRefreshToken());
    var windowEnds = System.nanoTime() + Duration.ofMillis(10_100).toNanos();
    await().atMost(Duration.ofSeconds(30)).until(() -> System.nanoTime() > windowEnds);

    assertThatThrownBy(() -> flow().refresh(first.requireRefreshToken()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("invalid_grant");
    assertThatThrownBy(() -> flow().refresh(second.requireRefreshToken()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("invalid_grant");
    assertThat(realm("/users/" + person.id() + "/sessions")).isEmpty();
  }

  @Test
  void refreshToken_lifetime_isLongerWithRememberMeOnly() {
    var person = register();
    var remembered = flow().begin();

    var tokens =
        remembered.finish(
            remembered
                .loginPage()
                .submit(
                    "kc-form-login",
                    Map.of(
                        "username",
                        person.address(),
                        "password",
                        RealmServer.PASSWORD,
                        "rememberMe",
                        "on")));

    assertThat(lifetime(person.tokens().requireRefreshToken())).isEqualTo(3600);
    assertThat(lifetime(tokens.requireRefreshToken())).isEqualTo(1209600);
  }

  @Test
  void endingOneSessionLeavesTheOtherDevicesSessionAlone() {
    var laptop = register();
    var phone = flow().login(laptop.address(), RealmServer.PASSWORD);

    flow().logout(laptop.tokens().requireRefreshToken());

    assertThatThrownBy(() -> flow().refresh(laptop.tokens().requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
    assertThat(claims(flow().refresh(phone.requireRefreshToken()).accessToken()).path("sid"))
        .isEqualTo(claims(phone.accessToken()).path("sid"));
  }

  @Test
  void deviceGrant_givesTheSameKindOfToken() {
    var person = register();

    var token =
        new DeviceFlow(issuer(), "task-cli")
            .login(person.address(), RealmServer.PASSWORD)
            .accessToken();

    assertThat(header(token).path("typ").asString()).isEqualTo("at+jwt");
    assertThat(claims(token).path("aud").asString()).isEqualTo("task-api");
    assertThat(claims(token).path("sub").asString()).isEqualTo(person.id());
  }

  private static long lifetime(String token) {
    return claims(token).path("exp").asLong() - claims(token).path("iat").asLong();
  }

  private static boolean verifies(String token, JsonNode key) throws GeneralSecurityException {
    var signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(
        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    signature.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
    var dot = token.lastIndexOf('.');
    signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
    return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
  }

  private static BigInteger number(JsonNode key, String name) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(name).asString()));
  }
}
