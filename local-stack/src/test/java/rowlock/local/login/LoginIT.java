/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;

class LoginIT {
  private static final String USER = "rose@example.org";
  private static final String PASSWORD = "thorny-thicket";

  private final String issuer =
      TestServers.keycloak(
              new KeycloakSpec(List.of(), List.of(Path.of("src/test/resources/garden-realm.json"))))
          .issuer("garden");
  private final AuthorizationCodeFlow flow = new AuthorizationCodeFlow(issuer, "shears");

  @Test
  void anExistingUserSignsIn() {
    var tokens = flow.login(USER, PASSWORD);

    assertThat(tokens.accessToken().split("\\.")).hasSize(3);
    assertThat(tokens.refreshToken()).isNotNull();
    assertThat(tokens.idToken()).isNotNull();
    assertThat(tokens.expiresIn()).isPositive();
  }

  @Test
  void whenThePasswordIsWrong_thenTheLoginPageStays() {
    var attempt = flow.begin();

    var page =
        attempt
            .loginPage()
            .submit("kc-form-login", Map.of("username", USER, "password", "not-the-password"));

    assertThat(page.hasForm("kc-form-login")).isTrue();
    assertThat(page.callback()).isNull();
    assertThatThrownBy(() -> attempt.finish(page)).hasMessageContaining("Invalid username");
  }

  @Test
  void aNewUserRegistersAndSignsInLater() {
    var email = UUID.randomUUID() + "@example.org";

    var first = flow.register(email, "a-long-passphrase", "Ivy", "Green");
    var later = flow.login(email, "a-long-passphrase");

    assertThat(later.accessToken()).isNotEqualTo(first.accessToken());
  }

  @Test
  void aRefreshTokenGivesNewTokens() {
    var tokens = flow.login(USER, PASSWORD);

    var renewed = flow.refresh(tokens.requireRefreshToken());

    assertThat(renewed.accessToken()).isNotEqualTo(tokens.accessToken());
  }

  @Test
  void whenLoggedOut_thenTheRefreshTokenIsRefused() {
    var tokens = flow.login(USER, PASSWORD);

    flow.logout(tokens.requireRefreshToken());

    assertThatThrownBy(() -> flow.refresh(tokens.requireRefreshToken()))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.error()).isEqualTo("invalid_grant"));
  }

  @Test
  void whenABrowserIsSignedIn_thenTheNextLoginNeedsNoPassword() {
    var browser = flow.newBrowser();
    var first = flow.begin(browser);
    first.finish(
        first.loginPage().submit("kc-form-login", Map.of("username", USER, "password", PASSWORD)));

    var second = flow.begin(browser);

    assertThat(second.finish(second.loginPage()).accessToken()).isNotEmpty();
  }

  @Test
  void aDeviceIsConfirmedByTheUserInABrowser() {
    var tokens = new DeviceFlow(issuer, "shears").login(USER, PASSWORD);

    assertThat(tokens.accessToken()).isNotEmpty();
  }

  @Test
  void tokensAreNotPrinted() {
    var tokens = flow.login(USER, PASSWORD);

    assertThat(tokens.toString()).doesNotContain(tokens.accessToken());
  }
}
