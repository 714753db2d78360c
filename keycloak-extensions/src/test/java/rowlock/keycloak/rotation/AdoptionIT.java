/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.rotation.Ferry.JSON;
import static rowlock.keycloak.rotation.Ferry.claims;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;

/** Tokens that were issued or used before the policy applied, or while it did not. */
class AdoptionIT {
  private static final String CLIENT = "changing";
  private static final String REUSE = "Refresh token reuse detected";

  private static Ferry ferry;

  @BeforeAll
  static void start() {
    ferry = new Ferry(ExtensionServer.shared());
  }

  @AfterEach
  void putBack() {
    realmRotates(true);
    rotation("none");
  }

  @Test
  void aFamilyThatTheServerRotatedBeforeGoesOnWithAWindow() {
    var first = login();
    var second = refresh(first);

    rotation("calm");
    var third = refresh(second);

    assertThat(refresh(second)).isEqualTo(third);
    assertThat(refresh(third)).isNotEqualTo(third);
  }

  @Test
  void aTokenThatWasUsedBeforeThePolicyAppliedIsStillUsed() {
    var first = login();
    var second = refresh(first);

    rotation("calm");

    assertThat(ferry.refresh(CLIENT, first).problem()).isEqualTo(REUSE);
    assertThat(ferry.refresh(CLIENT, second).status()).isEqualTo(400);
  }

  @Test
  void whenThePolicyIsTakenAwayTheServerKnowsWhatWasUsedUnderIt() {
    rotation("calm");
    var first = login();
    var second = refresh(first);

    rotation("none");

    assertThat(ferry.refresh(CLIENT, first).problem())
        .isEqualTo("Maximum allowed refresh token reuse exceeded");
    assertThat(ferry.refresh(CLIENT, second).status()).isEqualTo(400);
  }

  @Test
  void whatTheServerRotatedWhileThePolicyWasAwayIsBelieved() {
    rotation("calm");
    var second = refresh(login());
    rotation("none");
    var third = refresh(second);
    rotation("calm");

    var fourth = refresh(third);

    assertThat(refresh(third)).isEqualTo(fourth);
    assertThat(ferry.refresh(CLIENT, second).problem()).isEqualTo(REUSE);
    assertThat(ferry.refresh(CLIENT, fourth).status()).isEqualTo(400);
  }

  @Test
  void aTokenFromBeforeTheRealmRotatedFoundsAFamilyOfItsOwn() {
    realmRotates(false);
    var first = login();
    assertThat(claims(first).has("reuse_id")).isFalse();
    realmRotates(true);
    rotation("calm");

    var second = refresh(first);

    assertThat(claims(second).path("reuse_id").asString())
        .isEqualTo(claims(first).path("jti").asString());
    assertThat(refresh(first)).isEqualTo(second);
    var third = refresh(second);
    rotation("strict");
    assertThat(ferry.refresh(CLIENT, first).problem()).isEqualTo(REUSE);
    assertThat(ferry.refresh(CLIENT, third).status()).isEqualTo(400);
  }

  @Test
  void aTokenWithoutAFamilyThatTheServerSawUsedIsNotNewAgain() {
    realmRotates(false);
    var first = login();
    realmRotates(true);
    refresh(first);
    rotation("calm");

    assertThat(ferry.refresh(CLIENT, first).problem()).isEqualTo(REUSE);
  }

  @Test
  void whereTheRealmDoesNotRotateThePolicyChangesNothing() {
    realmRotates(false);
    rotation("calm");
    var first = login();

    assertThat(refresh(first)).isNotEqualTo(refresh(first));
  }

  private static String login() {
    return ferry.login(CLIENT, ferry.person()).refreshToken();
  }

  private static String refresh(String token) {
    return ferry.refresh(CLIENT, token).refreshToken();
  }

  private static void realmRotates(boolean rotates) {
    ferry.admin().put("/realms/" + Ferry.REALM, "{\"revokeRefreshToken\":" + rotates + "}");
  }

  private static void rotation(String name) {
    var id = ferry.realm("/clients?clientId=" + CLIENT).path(0).path("id").asString();
    ferry
        .admin()
        .put(
            "/realms/" + Ferry.REALM + "/clients/" + id,
            JSON.writeValueAsString(
                Map.of("clientId", CLIENT, "attributes", Map.of("rotation", name))));
  }
}
