/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.AdminApi;
import rowlock.local.KeycloakServer;
import rowlock.local.Keycloaks;
import rowlock.local.TestServers;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.OAuthException;

/** The realm on a stock Keycloak that has lost our jar, or never had it. */
class WithoutExtensionsIT {
  private static final Map<String, String> VALUES =
      Map.of("ROWLOCK_WEB_URL", RealmServer.WEB_URL, "ROWLOCK_API_URL", RealmServer.API_URL);

  @TempDir private static Path folder;
  private static KeycloakServer stock;

  @BeforeAll
  static void start() throws IOException {
    var realm = folder.resolve("rowlock-realm.json");
    Realm.renderWithoutExtensions(VALUES).writeTo(realm);
    stock = TestServers.keycloak(new Keycloaks(List.of(), List.of(realm)));
  }

  @Test
  void rotationIsStrictNotLax() {
    var flow = new AuthorizationCodeFlow(stock.issuer(Realm.NAME), "task-cli");
    var first = flow.register(RealmServer.newAddress(), RealmServer.PASSWORD, "", "");
    var second = flow.refresh(first.requireRefreshToken());

    assertThatThrownBy(() -> flow.refresh(first.requireRefreshToken()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("invalid_grant");
    assertThatThrownBy(() -> flow.refresh(second.requireRefreshToken()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("invalid_grant");
  }

  /** No mail server was named. */
  @Test
  void withoutMailThePasswordIsChosenAtOnceAndNoPagePromisesAMail() {
    var login = new AuthorizationCodeFlow(stock.issuer(Realm.NAME), "task-cli").begin().loginPage();

    assertThat(login.document().select("a[href*=reset-credentials]")).isEmpty();
    assertThat(login.follow("a[href*=registration]").document().select("[name=password]"))
        .hasSize(1);
  }

  @Test
  void theFullRealmIsRefusedAndNotImportedInPart() {
    var admin = new AdminApi(stock);
    var full =
        Realm.render(VALUES).json().replace("\"realm\" : \"rowlock\"", "\"realm\" : \"full\"");

    assertThatThrownBy(() -> admin.post("/realms", full))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("was answered");
    assertThat(admin.get("/realms").findValuesAsString("realm")).doesNotContain("full");
  }
}
