/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.get;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What every page and the metadata tell the outside. */
class PagesIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/protocol/openid-connect/auth?client_id=task-cli&response_type=code&redirect_uri=http://127.0.0.1/"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        "/protocol/openid-connect/auth?client_id=nobody&response_type=code",
        "/account"
      })
  void aPageCarriesEverySecurityHeader(String path) {
    var answer = get(issuer() + path);

    var headers = answer.headers();
    assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
        .contains(
            "default-src 'self'", "frame-ancestors 'self'", "object-src 'none'", "base-uri 'none'")
        .doesNotContain("unsafe-eval", "http:", "https:", "*");
    assertThat(headers.firstValue("X-Frame-Options")).hasValue("SAMEORIGIN");
    assertThat(headers.firstValue("Strict-Transport-Security"))
        .hasValue("max-age=31536000; includeSubDomains");
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(headers.firstValue("X-Robots-Tag")).hasValue("none");
  }

  @Test
  void theMetadataPromisesWhatTheRealmKeeps() {
    var metadata = JSON.readTree(get(issuer() + "/.well-known/openid-configuration").body());

    assertThat(metadata.path("issuer").asString()).isEqualTo(issuer());
    assertThat(metadata.path("authorization_response_iss_parameter_supported").asBoolean())
        .isTrue();
    assertThat(metadata.path("backchannel_logout_session_supported").asBoolean()).isTrue();
    assertThat(metadata.path("code_challenge_methods_supported").toString()).contains("S256");
    assertThat(metadata.path("dpop_signing_alg_values_supported").toString()).contains("ES256");
    assertThat(metadata.path("token_endpoint_auth_methods_supported").toString())
        .contains("private_key_jwt");
    for (var endpoint :
        new String[] {
          "authorization_endpoint",
          "token_endpoint",
          "jwks_uri",
          "end_session_endpoint",
          "revocation_endpoint"
        }) {
      assertThat(metadata.path(endpoint).asString()).startsWith(issuer() + "/");
    }
  }

  @Test
  void theRealmHasTheDeclaredKeysAndNoOthers() {
    var keys = realm("/keys");

    assertThat(keys.path("active").path("PS256").isString()).isTrue();
    assertThat(keys.path("keys"))
        .extracting((JsonNode key) -> key.path("algorithm").asString())
        .containsExactlyInAnyOrder("PS256", "HS512", "AES");
  }
}
