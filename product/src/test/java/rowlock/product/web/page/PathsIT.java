/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Addresses from history, bookmarks and links, with and without a session. */
class PathsIT {
  private static final String CALLBACK = "/login/oauth2/code/rowlock?";

  private final TestWeb web = TestWeb.shared();

  @Test
  void backButton_afterTheLogin_showsTheTasks() {
    var account = web.visitor().registered();
    try (var page = TasksPage.open(web)) {
      page.signIn(account.email()).add("Call Ada");
      page.page().goBack();
      assertThat(page.task("Call Ada")).isVisible();
      assertThat(page.page().locator(".notice")).hasCount(0);
      assertThat(page.page()).hasURL(web.address() + "/");
    }
  }

  @Test
  void callbackFromTheHistory_showsTheTasks() {
    try (var page = TasksPage.open(web)) {
      List<String> callbacks = new ArrayList<>();
      page.page()
          .onRequest(
              request -> {
                if (request.url().contains(CALLBACK)) {
                  callbacks.add(request.url());
                }
              });
      page.registerByPages().add("Call Ada");
      for (var callback : List.copyOf(callbacks)) {
        page.page().navigate(callback);
        assertThat(page.task("Call Ada")).isVisible();
        assertThat(page.page().locator(".notice")).hasCount(0);
        assertThat(page.page()).hasURL(web.address() + "/");
      }
      assertThat(callbacks).isNotEmpty();
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/12240")
  @Test
  void bookmarkedLoginPage_showsTheTasks() {
    var account = web.visitor().registered();
    String bookmark;
    try (var page = TasksPage.open(web)) {
      page.link("Sign in").click();
      page.page().locator("#username").waitFor();
      bookmark = page.page().url();
    }
    try (var page = TasksPage.open(web)) {
      page.page().navigate(bookmark);
      enter(page.page(), account.email());
      page.newTask().waitFor();
      assertThat(page.page().locator(".notice")).hasCount(0);
      assertThat(page.page()).hasURL(web.address() + "/");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?login=expired",
        "/?login=failed",
        "/?login=refused",
        "/?action=delete-account&result=success",
        CALLBACK + "code=x&state=0123456789abcdef",
        CALLBACK + "error=access_denied&state=0123456789abcdef",
        CALLBACK
            + "error=temporarily_unavailable&error_description=authentication_expired"
            + "&state=0123456789abcdef",
        CALLBACK + "nothing=x"
      })
  void failedLoginInTheAddress_withSession_isNotShown(String path) {
    try (var page = TasksPage.open(web)) {
      page.register().add("Call Ada");
      page.page().navigate(web.address() + path);
      assertThat(page.task("Call Ada")).isVisible();
      assertThat(page.page().locator(".notice")).hasCount(0);
      assertThat(page.page()).hasURL(web.address() + "/");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"expired", "failed", "refused", "unavailable"})
  void failedLoginInTheAddress_withoutSession_isShown(String outcome) {
    var account = web.visitor().registered();
    try (var page = TasksPage.open(web)) {
      page.page().navigate(web.address() + "/?login=" + outcome);
      assertThat(page.page().locator("#why.bad")).isVisible();
      page.signIn(account.email());
      assertThat(page.page().locator(".notice")).hasCount(0);
    }
  }

  @Test
  void cancelledAction_isReported() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages();
      page.page().navigate(web.address() + "/?login=refused&action=password&result=cancelled");
      assertThat(page.notice("Nothing has been changed.")).isVisible();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void navigationToAnError_showsAPageWithOneLink(String language) {
    try (var page = TasksPage.open(web, new NewContextOptions().setLocale(language))) {
      for (var path : List.of("/nowhere", "/logout", "/account/sessions", "/api/me/tasks")) {
        page.page().navigate(web.address() + path);
        assertThat(page.page().locator("html")).hasAttribute("lang", language);
        assertThat(page.page().locator("a")).hasCount(1);
        page.window().look("paths-error-" + language);
        page.page().locator("a").click();
        assertThat(page.page()).hasURL(web.address() + "/");
        page.page().locator("#welcome").waitFor();
      }
      assertThat(page.problems()).isEmpty();
    }
  }

  @Test
  void browserRestart_keepsRememberedLoginsOnly(@TempDir Path folder) {
    var account = web.visitor().registered();
    var remembered = folder.resolve("remembered");
    var usual = folder.resolve("usual");
    for (var profile : List.of(remembered, usual)) {
      try (var page = TasksPage.openProfile(web, profile)) {
        page.link("Sign in").click();
        page.page().locator("#rememberMe").setChecked(profile.equals(remembered));
        enter(page.page(), account.email());
        page.newTask().waitFor();
      }
    }

    try (var page = TasksPage.openProfile(web, remembered)) {
      page.newTask().waitFor();
      page.signOut();
      page.awaitReason("You are signed out.");
    }
    for (var profile : List.of(remembered, usual)) {
      try (var page = TasksPage.openProfile(web, profile)) {
        page.page().locator("#welcome").waitFor();
        assertThat(page.page().locator("#why")).hasCount(0);
      }
    }
  }

  private static void enter(Page page, String address) {
    page.locator("#username").fill(address);
    page.locator("#password").fill(Visitor.PASSWORD);
    page.locator("#kc-login").click();
  }
}
