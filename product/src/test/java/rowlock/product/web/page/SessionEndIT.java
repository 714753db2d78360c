/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route.FulfillOptions;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Expired and ended sessions: the page shows the reason and keeps typed text. */
class SessionEndIT {
  private static final int LIFE = 2;
  private static final String REFUSED = "status of 401";

  private final TestWeb web = TestWeb.shared();

  @AfterEach
  void restoreLifetime() {
    web.setAccessTokenLifetime(0);
  }

  @Test
  void expiredAccessToken_isNotNoticed() {
    web.setAccessTokenLifetime(LIFE);
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      var refreshes = web.refreshesAtKeycloak();
      for (var i = 0; i < 2; i++) {
        page.page().waitForTimeout((LIFE + 1) * 1000.0);
        page.add("After " + i);
      }
      assertThat(web.refreshesAtKeycloak()).isGreaterThanOrEqualTo(refreshes + 2);
      assertThat(page.titles()).containsExactly("After 1", "After 0", "Before");
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void expiredSession_isReported_andTypedTextIsKept() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.edit("Call Ada").fill("Call Ada, who has");
      page.newTask().fill("Half a thought");
      expire(page.subject());

      page.returnToTab();
      var why = page.awaitReason("Your session has expired.");
      assertThat(why).isFocused();
      assertThat(why).containsText("Your unsaved text has been kept");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");

      page.signIn(page.address());
      assertThat(page.newTask()).hasValue("Half a thought");
      assertThat(page.page().getByLabel("Title")).hasValue("Call Ada, who has");
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void endedSession_withoutActivity_removesTheTasks() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      web.admin().post(TestWeb.REALM + "/users/" + page.subject() + "/logout", "{}");

      page.page().clock().runFor(61_000);
      page.awaitReason("Your session was ended");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.problems()).isEmpty();
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27342")
  @Test
  void logoutAll_removesTheTasksWithinAMinute() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      web.admin().post(TestWeb.REALM + "/logout-all", "{}");
      page.makeSessionCheckDue();

      page.page().clock().runFor(31_000);
      page.awaitReason("Your session was ended");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.problems()).isEmpty();
      page.signIn(page.address());
    }
  }

  @Test
  void revokedClientTokens_removeTheTasks() {
    var client =
        TestWeb.REALM
            + "/clients/"
            + web.admin()
                .get(TestWeb.REALM + "/clients?clientId=task-web")
                .get(0)
                .path("id")
                .asString();
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      try {
        // after the second in which the tokens were issued
        web.admin().merge(client, "{\"notBefore\":%d}".formatted(inASecond()));
        web.admin().post(client + "/push-revocation", "{}");
        page.makeSessionCheckDue();

        page.page().clock().runFor(31_000);
        page.awaitReason("Your session was ended");
        assertThat(page.page().locator("body")).not().containsText("Call Ada");
      } finally {
        web.admin().merge(client, "{\"notBefore\":0}");
      }
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/21599")
  @Test
  void lostBackChannelLogout_removesTheTasks() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      web.sendLogoutTokensTo("http://localhost:" + TestWeb.freePort() + "/");
      try {
        web.admin().post(TestWeb.REALM + "/users/" + page.subject() + "/logout", "{}");
      } finally {
        web.sendLogoutTokensTo("");
      }
      page.makeSessionCheckDue();

      page.page().clock().runFor(31_000);
      page.awaitReason("Your session was ended");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.problems()).isEmpty();
    }
  }

  @FieldReport("https://github.com/workos/authkit-react-router/issues/35")
  @Test
  void refresh_updatesNameAndEmail() {
    web.setAccessTokenLifetime(LIFE);
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      var changed = "changed-" + page.address();
      web.admin()
          .merge(
              TestWeb.REALM + "/users/" + page.subject(),
              "{\"email\":\"%s\",\"username\":\"%s\",\"firstName\":\"Ida\"}"
                  .formatted(changed, changed));
      page.page().waitForTimeout((LIFE + 1) * 1000.0);
      page.add("After");
      page.returnToTab();
      var account = page.account();
      assertThat(account.getByText(changed)).isVisible();
      assertThat(account.locator(".name").first()).containsText("Ida");
    }
  }

  private static long inASecond() {
    return System.currentTimeMillis() / 1000 + 1;
  }

  @Test
  void signOut_keycloakDown_isReported() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page()
          .route(
              "**/logout",
              route ->
                  route.fulfill(
                      new FulfillOptions()
                          .setResponse(route.fetch())
                          .setBody("{\"next\":\"/\",\"complete\":false}")));
      page.signOut();
      page.awaitReason("The sign-in service is unavailable and will be notified when it responds");
      assertThat(page.page()).hasURL(web.address() + "/");
      page.returnToTab();
      page.awaitReason("You are signed out here.");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.page().evaluate("sessionStorage.length")).isEqualTo(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void addAfterExpiry_isSavedAfterSigningInAgain() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Before");
      expire(page.subject());
      page.newTask().fill("Too late");
      page.newTask().press("Enter");
      page.awaitReason("Your session has expired.");

      page.signIn(page.address());
      assertThat(page.task("Too late")).isVisible();
      assertThat(page.problems(REFUSED)).isEmpty();
    }
  }

  @Test
  void typedText_isNotShownToTheNextUser() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Ada's task");
      page.newTask().fill("Ada's secret");
      expire(page.subject());
      page.returnToTab();
      page.awaitReason("Your session has expired.");

      page.page().context().clearCookies();
      var next = web.visitor().registered();
      page.signIn(next.email());
      assertThat(page.newTask()).hasValue("");
      assertThat((String) page.page().evaluate("JSON.stringify(sessionStorage)"))
          .doesNotContain("secret");
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/21599")
  @Test
  void sessionEndedByAdministrator_isReported() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      web.admin().post(TestWeb.REALM + "/users/" + page.subject() + "/logout", "{}");

      page.returnToTab();
      page.awaitReason("Your session was ended");
      assertThat(page.problems(REFUSED)).isEmpty();
    }
  }

  @Test
  void endAllOthers_keepsThisDevice() {
    try (var laptop = TasksPage.open(web);
        var phone = TasksPage.open(web)) {
      laptop.register().add("Call Ada");
      phone.signIn(laptop.address());

      var account = laptop.account();
      assertThat(account.getByText("This device")).isVisible();
      account.getByText("End all others").click();
      laptop.page().locator("dialog.ask").getByText("End all others").click();
      assertThat(account.getByText("All other sessions have been ended.")).isVisible();

      phone.returnToTab();
      phone.awaitReason("Your session was ended");
      laptop.page().keyboard().press("Escape");
      laptop.add("Go on");
      assertThat(laptop.problems()).isEmpty();
    }
  }

  @Test
  void endOneDevice_endsItsSession() {
    try (var laptop = TasksPage.open(web);
        var phone = TasksPage.open(web)) {
      laptop.register();
      phone.signIn(laptop.address());
      var account = laptop.account();
      account
          .getByRole(
              com.microsoft.playwright.options.AriaRole.BUTTON,
              new Locator.GetByRoleOptions().setName(Pattern.compile("^End session: ")))
          .click();
      assertThat(account.getByText("The session has been ended.")).isVisible();
      assertThat(account.getByText("You are not signed in anywhere else.")).isVisible();
      phone.returnToTab();
      phone.awaitReason("Your session was ended");
      assertThat(laptop.problems()).isEmpty();
    }
  }

  @Test
  void signOutEverywhere_endsAllSessions() {
    try (var laptop = TasksPage.open(web);
        var phone = TasksPage.open(web)) {
      laptop.register();
      phone.signIn(laptop.address());
      laptop.account().getByText("Sign out everywhere").click();
      laptop.page().locator("dialog.ask").getByText("Sign out everywhere").last().click();
      laptop.awaitReason("You are signed out.");
      phone.returnToTab();
      phone.awaitReason("Your session was ended");
      assertThat(laptop.problems()).isEmpty();
    }
  }

  @Test
  void deleteAccount_isReported() {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.newTask().fill("Half a thought");
      page.account().getByText("Delete account").click();
      page.button("Continue").click();
      var password = page.page().locator("#password");
      password.or(page.button("Confirm deletion")).first().waitFor();
      if (password.isVisible()) {
        password.fill(Visitor.PASSWORD);
        page.page().locator("#kc-login").click();
      }
      page.button("Confirm deletion").click();
      page.page().getByText("Back to Application").click();

      page.awaitReason("Your account has been deleted.");
      assertThat(page.page().evaluate("sessionStorage.length")).isEqualTo(0);
      assertThat(web.admin().get(TestWeb.REALM + "/users?search=" + page.address()).size())
          .isZero();
      assertThat(page.problems(REFUSED)).isEmpty();
    }
  }

  private void expire(String subject) {
    web.database()
        .sql("update web.session set expires_at = now() - interval '1 second' where subject = ?")
        .param(subject)
        .update();
  }
}
