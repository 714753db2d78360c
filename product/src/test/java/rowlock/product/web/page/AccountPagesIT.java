/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Account actions on Keycloak's pages, and the return to the page. */
class AccountPagesIT {
  private static final Locator.GetByTextOptions EXACTLY =
      new Locator.GetByTextOptions().setExact(true);

  private final TestWeb web = TestWeb.shared();

  @Test
  void actionAtKeycloak_returnsToTheAccountDialog() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages();
      page.account().getByText("Name", EXACTLY).click();
      page.page().locator("#firstName").fill("Grace");
      page.page().locator("#lastName").fill("Hopper");
      page.page().locator("form [type=submit]").first().click();

      var account = sheet(page);
      assertThat(account.getByText("Your profile has been saved.")).isVisible();
      assertThat(account.getByText("Grace Hopper")).isVisible();
      account.getByText("Change password").click();
      page.page().locator("[name=cancel-aia]").click();
      assertThat(account.getByText("Nothing has been changed.")).isVisible();
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void changePassword_oldPasswordIsRejected() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages();
      page.account().getByText("Change password").click();
      page.page().locator("#password-new").fill("an oar of another wood");
      page.page().locator("#password-confirm").fill("an oar of another wood");
      page.page().locator("form [type=submit]").first().click();
      var account = sheet(page);
      assertThat(account.getByText("Your password has been changed.")).isVisible();
      account.getByText("Sign out", EXACTLY).click();
      page.awaitReason("You are signed out.");

      page.link("Sign in").click();
      page.page().locator("#username").fill(page.address());
      page.page().locator("#password").fill(Visitor.PASSWORD);
      page.page().locator("#kc-login").click();
      assertThat(page.page().getByText("Invalid username or password.").first()).isVisible();
      page.page().locator("#password").fill("an oar of another wood");
      page.page().locator("#kc-login").click();
      page.newTask().waitFor();
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void changeEmail_withoutMailServer_isReported() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages();
      page.account().getByText("Email address").click();
      assertThat(sheet(page).getByText("The mail server may not be set up")).isVisible();
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void allSignInMethods_linkBackToTheTasks() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages();
      page.account().getByText("All sign-in methods").click();
      assertThat(page.page().getByText("Signing in").first()).isVisible();
      page.page().getByText("Back to Tasks").click();
      page.newTask().waitFor();
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void addPasskey_returnsToTheAccountDialog() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages();
      addAuthenticator(page);
      page.page().onDialog(Dialog::accept); // Keycloak asks for a label
      page.account().getByText("Add a passkey").click();
      page.page().waitForSelector("#registerWebAuthn");
      // the script of the button runs after the page is loaded
      page.page().waitForLoadState();
      page.page().locator("#registerWebAuthn").click();
      assertThat(sheet(page).getByText("Your passkey has been added.")).isVisible();
      assertThat(page.problems()).isEmpty();
    }
  }

  private static Locator sheet(TasksPage page) {
    return page.page().locator("dialog.sheet");
  }

  /** Adds a virtual platform authenticator (WebAuthn Level 3 section 11). */
  private static void addAuthenticator(TasksPage page) {
    var devtools = page.window().context().newCDPSession(page.page());
    devtools.send("WebAuthn.enable");
    var options = new JsonObject();
    options.addProperty("protocol", "ctap2");
    options.addProperty("transport", "internal");
    options.addProperty("hasResidentKey", true);
    options.addProperty("hasUserVerification", true);
    options.addProperty("isUserVerified", true);
    options.addProperty("automaticPresenceSimulation", true);
    var parameters = new JsonObject();
    parameters.add("options", options);
    devtools.send("WebAuthn.addVirtualAuthenticator", parameters);
  }
}
