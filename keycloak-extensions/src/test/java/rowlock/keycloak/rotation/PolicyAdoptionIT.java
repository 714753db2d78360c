/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.rotation.RotationRealm.JSON;
import static rowlock.keycloak.rotation.RotationRealm.claims;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.ExtensionServer;

/** Tokens that were issued or used before the policy applied, or while it was disabled. */
class PolicyAdoptionIT {
  private static final String CLIENT = "changing-policy";
  private static final String REUSE = "Refresh token reuse detected";

  private static RotationRealm realm;

  @BeforeAll
  static void start() {
    realm = new RotationRealm(ExtensionServer.shared());
  }

  @AfterEach
  void putBack() {
    realmRotates(true);
    rotation("none");
  }

  @Test
  void adoption_familyOfStockRotation_getsAWindow() {
    var first = login();
    var second = refresh(first);

    rotation("grace-60s");
    var third = refresh(second);

    assertThat(refresh(second)).isEqualTo(third);
    assertThat(refresh(third)).isNotEqualTo(third);
  }

  @Test
  void adoption_tokenUsedBeforePolicy_staysUsed() {
    var first = login();
    var second = refresh(first);

    rotation("grace-60s");

    assertThat(realm.refresh(CLIENT, first).problem()).isEqualTo(REUSE);
    assertThat(realm.refresh(CLIENT, second).status()).isEqualTo(400);
  }

  @Test
  void policyRemoved_serverKnowsUsedTokens() {
    rotation("grace-60s");
    var first = login();
    var second = refresh(first);

    rotation("none");

    assertThat(realm.refresh(CLIENT, first).problem())
        .isEqualTo("Maximum allowed refresh token reuse exceeded");
    assertThat(realm.refresh(CLIENT, second).status()).isEqualTo(400);
  }

  @Test
  void policyRestored_rotationsOfTheServerCount() {
    rotation("grace-60s");
    var second = refresh(login());
    rotation("none");
    var third = refresh(second);
    rotation("grace-60s");

    var fourth = refresh(third);

    assertThat(refresh(third)).isEqualTo(fourth);
    assertThat(realm.refresh(CLIENT, second).problem()).isEqualTo(REUSE);
    assertThat(realm.refresh(CLIENT, fourth).status()).isEqualTo(400);
  }

  @Test
  void tokenBeforeRotation_startsItsOwnFamily() {
    realmRotates(false);
    var first = login();
    assertThat(claims(first).has("reuse_id")).isFalse();
    realmRotates(true);
    rotation("grace-60s");

    var second = refresh(first);

    assertThat(claims(second).path("reuse_id").asString())
        .isEqualTo(claims(first).path("jti").asString());
    assertThat(refresh(first)).isEqualTo(second);
    var third = refresh(second);
    rotation("no-grace");
    assertThat(realm.refresh(CLIENT, first).problem()).isEqualTo(REUSE);
    assertThat(realm.refresh(CLIENT, third).status()).isEqualTo(400);
  }

  @Test
  void usedTokenWithoutFamily_staysUsed() {
    realmRotates(false);
    var first = login();
    realmRotates(true);
    refresh(first);
    rotation("grace-60s");

    assertThat(realm.refresh(CLIENT, first).problem()).isEqualTo(REUSE);
  }

  @Test
  void realmWithoutRotation_policyHasNoEffect() {
    realmRotates(false);
    rotation("grace-60s");
    var first = login();

    assertThat(refresh(first)).isNotEqualTo(refresh(first));
  }

  private static String login() {
    return realm.login(CLIENT, realm.user()).refreshToken();
  }

  private static String refresh(String token) {
    return realm.refresh(CLIENT, token).refreshToken();
  }

  private static void realmRotates(boolean rotates) {
    realm.admin().put("/realms/" + RotationRealm.REALM, "{\"revokeRefreshToken\":" + rotates + "}");
  }

  private static void rotation(String name) {
    var id = realm.read("/clients?clientId=" + CLIENT).path(0).path("id").asString();
    realm
        .admin()
        .put(
            "/realms/" + RotationRealm.REALM + "/clients/" + id,
            JSON.writeValueAsString(
                Map.of("clientId", CLIENT, "attributes", Map.of("rotation", name))));
  }
}
