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

/** Sessions go on by themselves; when one ends, the page says why and keeps what was typed. */
class SessionEndIT {

  private static final int LIFE = 2;
  private static final String REFUSED = "status of 401";

  private final TestWeb web = TestWeb.shared();

  @AfterEach
  void usualLives() {
    web.accessTokensLive(0);
  }

  @Test
  void whenTheAccessTokenExpiresDuringWork_thenNobodyNotices() {
    web.accessTokensLive(LIFE);
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Before");
      long refreshes = web.refreshesAtKeycloak();
      for (int i = 0; i < 2; i++) {
        page.page().waitForTimeout((LIFE + 1) * 1000.0);
        page.add("After " + i);
      }
      assertThat(web.refreshesAtKeycloak()).isGreaterThanOrEqualTo(refreshes + 2);
      assertThat(page.titles()).containsExactly("After 1", "After 0", "Before");
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void whenTheSessionHasExpired_thenThePageSaysSoAndKeepsWhatWasTyped() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.edit("Call Ada").fill("Call Ada, who has");
      page.newTask().fill("Half a thought");
      expire(page.subject());

      page.wake();
      Locator why = page.why("Your session has expired.");
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
  void whenNobodyTouchesThePage_thenTheTasksGoAllTheSame() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      web.admin().post(TestWeb.REALM + "/users/" + page.subject() + "/logout", "{}");

      page.page().clock().runFor(61_000);
      page.why("Your session was ended");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.problems()).isEmpty();
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27342")
  @Test
  void whenAllSessionsOfTheRealmAreEnded_thenTheTasksGoWithinAMinute() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      web.admin().post(TestWeb.REALM + "/logout-all", "{}");
      page.letCheckBeDue();

      page.page().clock().runFor(31_000);
      page.why("Your session was ended");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.problems()).isEmpty();
      page.signIn(page.address());
    }
  }

  @Test
  void whenTheTokensOfTheClientAreRevoked_thenTheTasksGo() {
    String client =
        TestWeb.REALM
            + "/clients/"
            + web.admin()
                .get(TestWeb.REALM + "/clients?clientId=task-web")
                .get(0)
                .path("id")
                .asString();
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      try {
        // later than the second in which the tokens were issued
        web.admin().merge(client, "{\"notBefore\":%d}".formatted(inASecond()));
        web.admin().post(client + "/push-revocation", "{}");
        page.letCheckBeDue();

        page.page().clock().runFor(31_000);
        page.why("Your session was ended");
        assertThat(page.page().locator("body")).not().containsText("Call Ada");
      } finally {
        web.admin().merge(client, "{\"notBefore\":0}");
      }
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/21599")
  @Test
  void whenTheBackChannelRequestIsLost_thenTheTasksGo() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().clock().install();
      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      web.logoutTokensGoTo("http://localhost:" + TestWeb.freePort() + "/");
      try {
        web.admin().post(TestWeb.REALM + "/users/" + page.subject() + "/logout", "{}");
      } finally {
        web.logoutTokensGoTo("");
      }
      page.letCheckBeDue();

      page.page().clock().runFor(31_000);
      page.why("Your session was ended");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.problems()).isEmpty();
    }
  }

  @FieldReport("https://github.com/workos/authkit-react-router/issues/35")
  @Test
  void nameAndAddressInThePageFollowTheRefresh() {
    web.accessTokensLive(LIFE);
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      String changed = "changed-" + page.address();
      web.admin()
          .merge(
              TestWeb.REALM + "/users/" + page.subject(),
              "{\"email\":\"%s\",\"username\":\"%s\",\"firstName\":\"Ida\"}"
                  .formatted(changed, changed));
      page.page().waitForTimeout((LIFE + 1) * 1000.0);
      page.add("After");
      page.wake();
      Locator account = page.account();
      assertThat(account.getByText(changed)).isVisible();
      assertThat(account.locator(".name").first()).containsText("Ida");
    }
  }

  private static long inASecond() {
    return System.currentTimeMillis() / 1000 + 1;
  }

  @Test
  void whenKeycloakCouldNotBeTold_thenSigningOutSaysSoAndStaysHere() {
    try (TasksPage page = TasksPage.open(web)) {
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
      page.why("The sign-in service is unavailable and will be notified when it responds");
      assertThat(page.page()).hasURL(web.address() + "/");
      page.wake();
      page.why("You are signed out here.");
      assertThat(page.page().locator("body")).not().containsText("Call Ada");
      assertThat(page.page().evaluate("sessionStorage.length")).isEqualTo(0);
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void aTaskThatMeetsTheExpiryIsAddedAfterSigningInAgain() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Before");
      expire(page.subject());
      page.newTask().fill("Too late");
      page.newTask().press("Enter");
      page.why("Your session has expired.");

      page.signIn(page.address());
      assertThat(page.task("Too late")).isVisible();
      assertThat(page.problems(REFUSED)).isEmpty();
    }
  }

  @Test
  void whatOnePersonTypedIsNotForTheNext() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Ada's task");
      page.newTask().fill("Ada's secret");
      expire(page.subject());
      page.wake();
      page.why("Your session has expired.");

      page.page().context().clearCookies();
      Visitor next = web.visitor().registered();
      page.signIn(next.email());
      assertThat(page.newTask()).hasValue("");
      assertThat((String) page.page().evaluate("JSON.stringify(sessionStorage)"))
          .doesNotContain("secret");
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/21599")
  @Test
  void whenAnAdministratorEndsTheSession_thenThePageSaysSo() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      web.admin().post(TestWeb.REALM + "/users/" + page.subject() + "/logout", "{}");

      page.wake();
      page.why("Your session was ended");
      assertThat(page.problems(REFUSED)).isEmpty();
    }
  }

  @Test
  void endingTheOtherDevicesLeavesThisOneAtWork() {
    try (TasksPage laptop = TasksPage.open(web);
        TasksPage phone = TasksPage.open(web)) {
      laptop.register().add("Call Ada");
      phone.signIn(laptop.address());

      Locator account = laptop.account();
      assertThat(account.getByText("This device")).isVisible();
      account.getByText("End all others").click();
      laptop.page().locator("dialog.ask").getByText("End all others").click();
      assertThat(account.getByText("All other sessions have been ended.")).isVisible();

      phone.wake();
      phone.why("Your session was ended");
      laptop.page().keyboard().press("Escape");
      laptop.add("Go on");
      assertThat(laptop.problems()).isEmpty();
    }
  }

  @Test
  void endingOneDeviceEndsThatOne() {
    try (TasksPage laptop = TasksPage.open(web);
        TasksPage phone = TasksPage.open(web)) {
      laptop.register();
      phone.signIn(laptop.address());
      Locator account = laptop.account();
      account
          .getByRole(
              com.microsoft.playwright.options.AriaRole.BUTTON,
              new Locator.GetByRoleOptions().setName(Pattern.compile("^End session: ")))
          .click();
      assertThat(account.getByText("The session has been ended.")).isVisible();
      assertThat(account.getByText("You are not signed in anywhere else.")).isVisible();
      phone.wake();
      phone.why("Your session was ended");
      assertThat(laptop.problems()).isEmpty();
    }
  }

  @Test
  void signingOutEverywhereEndsAllOfThem() {
    try (TasksPage laptop = TasksPage.open(web);
        TasksPage phone = TasksPage.open(web)) {
      laptop.register();
      phone.signIn(laptop.address());
      laptop.account().getByText("Sign out everywhere").click();
      laptop.page().locator("dialog.ask").getByText("Sign out everywhere").last().click();
      laptop.why("You are signed out.");
      phone.wake();
      phone.why("Your session was ended");
      assertThat(laptop.problems()).isEmpty();
    }
  }

  @Test
  void whoDeletesTheirAccountIsToldThatItIsGone() {
    try (TasksPage page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.newTask().fill("Half a thought");
      page.account().getByText("Delete account").click();
      page.button("Continue").click();
      Locator password = page.page().locator("#password");
      password.or(page.button("Confirm deletion")).first().waitFor();
      if (password.isVisible()) {
        password.fill(Visitor.PASSWORD);
        page.page().locator("#kc-login").click();
      }
      page.button("Confirm deletion").click();
      page.page().getByText("Back to Application").click();

      page.why("Your account has been deleted.");
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
