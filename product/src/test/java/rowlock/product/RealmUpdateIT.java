/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.testing.TestServers;
import rowlock.realm.RenderedRealm;
import rowlock.realm.source.DeclaredRealm;
import rowlock.realm.source.RealmSource;

/** Checks that the first command applies a changed source of the realm to existing data. */
class RealmUpdateIT {
  private static final Map<String, String> VALUES =
      Map.of(
          "ROWLOCK_WEB_URL", "http://localhost:8000", "ROWLOCK_API_URL", "http://localhost:8081");

  @TempDir private Path folder;

  @Test
  void changedSource_isApplied_andAccountsStay() throws IOException {
    var server = TestServers.keycloak(TestProduct.keycloakSpec());
    var admin = new AdminApi(server);
    copy(Path.of("../realm-config/realm"), folder);
    replace("login.yaml", "realm: rowlock", "realm: updated");
    replace("roles.yaml", "default-roles-rowlock", "default-roles-updated");
    admin.post("/realms", RenderedRealm.of(source()).json());
    admin.post(
        "/realms/updated/users",
        "{\"username\":\"kept@example.org\",\"email\":\"kept@example.org\"}");
    replace("login.yaml", "displayName: Rowlock", "displayName: Changed");
    replace("flows/rowlock-browser.yaml", "identity-provider-redirector", "auth-spnego");

    new RealmUpdate(source()).applyTo(server);

    assertThat(admin.get("/realms/updated").path("displayName").asString()).isEqualTo("Changed");
    assertThat(admin.get("/realms/updated/authentication/flows/rowlock-browser/executions"))
        .extracting(step -> step.path("providerId").asString(""))
        .contains("auth-spnego");
    assertThat(admin.get("/realms/updated/users").path(0).path("username").asString())
        .isEqualTo("kept@example.org");
  }

  private DeclaredRealm source() {
    return RealmSource.read(folder, VALUES, true);
  }

  private void replace(String file, String old, String replacement) throws IOException {
    var path = folder.resolve(file);
    var text = Files.readString(path);
    assertThat(text).contains(old);
    Files.writeString(path, text.replace(old, replacement));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        var target = to.resolve(from.relativize(path).toString());
        Files.createDirectories(target.getParent());
        Files.copy(path, target);
      }
    }
  }
}
