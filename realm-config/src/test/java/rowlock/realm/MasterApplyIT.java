/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;

/**
 * Applies the source of {@code master} to a realm that Keycloak made, as the production guide
 * describes it. The server is its own, because the tools of tests lose their password grant.
 */
@Tag("thorough")
class MasterApplyIT {
  private static final String CLIENT = "temp-admin-service";
  private static final String SECRET = "the secret of the temporary client";

  @Test
  void apply_stockMaster_equalsTheSource() {
    var server =
        TestServers.keycloak(
            new KeycloakSpec(List.of(RealmServer.extensions()), List.of())
                .withOptions(
                    "--spi-form-action--rowlock-registration-guard--exempt-networks=127.0.0.1/32"));
    createAccount(new AdminApi(server));

    assertThat(run(server, "plan").code()).isEqualTo(2);
    var applied = run(server, "apply", "--yes");

    assertThat(applied.code()).as(applied.all()).isZero();
    assertThat(run(server, "plan").all()).isEqualTo("Realm master: no changes.\n");
    assertThat(run(server, "apply", "--yes").out()).isEqualTo("Realm master: no changes.\n");
  }

  private static TestRealm.Output run(KeycloakServer server, String... command) {
    var options =
        List.of("--realm", "master", "--client", CLIENT, "--server", server.url().toString());
    var arguments = new ArrayList<>(List.of(command));
    arguments.addAll(options);
    return TestRealm.command(
        Map.of("ROWLOCK_REALM_CLIENT_SECRET", SECRET), arguments.toArray(String[]::new));
  }

  /** The client that {@code kc.sh bootstrap-admin service} creates. */
  private static void createAccount(AdminApi admin) {
    admin.post(
        "/realms/master/clients",
        """
        {"clientId":"%s","secret":"%s","serviceAccountsEnabled":true,"standardFlowEnabled":false}\
        """
            .formatted(CLIENT, SECRET));
    var id = admin.get("/realms/master/clients?clientId=" + CLIENT).path(0).path("id").asString();
    var user = admin.get("/realms/master/clients/" + id + "/service-account-user");
    admin.post(
        "/realms/master/users/" + user.path("id").asString() + "/role-mappings/realm",
        "[" + admin.get("/realms/master/roles/admin") + "]");
  }
}
