/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import rowlock.local.login.OAuthException;

/** The account console in a real browser. */
class AccountConsoleIT {
  @Test
  void aPersonSeesTheirDevicesAndSignsAnotherOneOut() {
    var person = register();
    try (var chromium = Chromium.start();
        var context = chromium.browser().newContext()) {
      var page = context.newPage();
      page.navigate(issuer() + "/account/account-security/device-activity");
      page.fill("#username", person.address());
      page.fill("#password", PASSWORD);
      page.click("#kc-login");

      page.getByText("Signed in devices").waitFor();
      assertThat(page.content()).contains("Task command line");
      page.getByText("Sign out", new com.microsoft.playwright.Page.GetByTextOptions().setExact(true))
          .first()
          .click();
      page.locator("#modal-confirm").click();

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> assertThat(realm("/users/" + person.id() + "/sessions")).hasSize(1));
    }
    assertThatThrownBy(() -> flow().refresh(person.tokens().requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
  }
}
