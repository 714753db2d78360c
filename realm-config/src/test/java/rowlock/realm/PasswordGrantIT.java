/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.newAddress;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;
import static rowlock.realm.RealmServer.token;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the password grant: no client of the realm has it, and a client that gets it cannot sign
 * in to an account with a second factor.
 */
class PasswordGrantIT {
  private static final String CLIENTS = "/realms/" + Realm.NAME + "/clients";
  private static final String GIVEN = "given-the-password-grant";

  @BeforeAll
  static void addTheGrantToAClient() {
    admin()
        .post(
            CLIENTS,
            """
            {"clientId":"%s","publicClient":true,"standardFlowEnabled":false,"directAccessGrantsEnabled":true,
             "fullScopeAllowed":true,"optionalClientScopes":["offline_access"]}\
            """
                .formatted(GIVEN));
  }

  @AfterAll
  static void removeTheClient() {
    admin()
        .delete(CLIENTS + "/" + realm("/clients?clientId=" + GIVEN).path(0).path("id").asString());
  }

  static Stream<String> clients() {
    return realm("/clients")
        .valueStream()
        .map(client -> client.path("clientId").asString())
        .filter(client -> !client.equals(GIVEN));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void noClientOfTheRealmGetsATokenForAPassword(String client) {
    for (var scope : List.of("openid", "openid offline_access")) {
      var answer = grant(client, register().address(), scope);

      assertThat(answer.statusCode()).isIn(400, 401, 403);
      assertThat(answer.body()).doesNotContain("_token\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "client_credentials",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:uma-ticket",
        "urn:openid:params:grant-type:ciba"
      })
  void noPublicClientGetsATokenByAnotherGrant(String grant) {
    for (var client : clients().toList()) {
      var answer = token(Map.of("grant_type", grant, "client_id", client, "scope", "openid"));

      assertThat(answer.statusCode()).as(client).isIn(400, 401, 403);
    }
  }

  @Test
  void grantAdded_accountWithPasswordOnly_getsToken() {
    assertThat(grant(GIVEN, register().address(), "openid").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"otp", "webauthn", "webauthn-passwordless", "recovery-authn-codes"})
  void grantAdded_accountWithSecondFactor_isRefused(String factor) {
    var answer = grant(GIVEN, account(List.of(factor), List.of()), "openid");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_grant").doesNotContain("_token\"");
  }

  @Test
  void grantAdded_accountWithRequiredAction_isRefused() {
    var answer = grant(GIVEN, account(List.of(), List.of("UPDATE_PASSWORD")), "openid");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_grant").doesNotContain("_token\"");
  }

  /**
   * The client has the scope and all roles, but the account does not have the role for offline
   * access.
   */
  @Test
  void offlineAccessAdded_getsNoOfflineToken() {
    var person = register();

    var answer = grant(GIVEN, person.address(), "openid offline_access");

    assertThat(answer.body()).doesNotContain("offline_access");
    assertThat(realm("/users/" + person.id() + "/offline-sessions/" + idOfGiven())).isEmpty();
  }

  private static String idOfGiven() {
    return realm("/clients?clientId=" + GIVEN).path(0).path("id").asString();
  }

  private static HttpResponse<String> grant(String client, String name, String scope) {
    return token(
        Map.of(
            "grant_type", "password",
            "client_id", client,
            "username", name,
            "password", PASSWORD,
            "scope", scope));
  }

  private static String account(List<String> factors, List<String> actions) {
    var address = newAddress();
    var password = Map.<String, Object>of("type", "password", "value", PASSWORD);
    var credentials =
        Stream.concat(
                Stream.of(password),
                factors.stream()
                    .map(
                        type ->
                            Map.<String, Object>of(
                                "type", type, "credentialData", "{}", "secretData", "{}")))
            .toList();
    var user =
        Map.of(
            "username", address,
            "email", address,
            "emailVerified", true,
            "enabled", true,
            "requiredActions", actions,
            "credentials", credentials);
    admin()
        .post(
            "/realms/" + Realm.NAME + "/partialImport",
            JSON.writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", List.of(user))));
    return address;
  }
}
