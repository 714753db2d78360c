/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import java.net.HttpCookie;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import rowlock.browser.Chromium;
import rowlock.browser.Window;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/**
 * Page object of the task page. It finds elements by their accessible names and roles, in English.
 */
final class TasksPage implements AutoCloseable {
  private final TestWeb web;
  private final Window window;
  private final Page page;
  private final String address;

  private TasksPage(TestWeb web, Window window, Page page, String address) {
    this.web = web;
    this.window = window;
    this.page = page;
    this.address = address;
  }

  /** Opens the page in a new browser context. */
  static TasksPage open(TestWeb web) {
    return open(web, new NewContextOptions());
  }

  /** Opens the page in a new browser context with options for size, language or colours. */
  static TasksPage open(TestWeb web, NewContextOptions options) {
    var window = Chromium.open(options.setLocale(options.locale == null ? "en" : options.locale));
    var opened = at(web, window);
    opened.page.navigate(web.address() + "/");
    return opened;
  }

  /** Opens the page in a browser with a persistent profile in this folder. */
  static TasksPage openProfile(TestWeb web, Path folder) {
    var opened = at(web, Chromium.openProfile(folder));
    opened.page.navigate(web.address() + "/");
    return opened;
  }

  private static TasksPage at(TestWeb web, Window window) {
    window.stayAt(web.address() + "/", web.keycloak().url() + "/");
    return new TasksPage(web, window, window.page(), "p" + UUID.randomUUID() + "@example.org");
  }

  /** Opens the page in another tab of the same browser. */
  TasksPage tab() {
    var other = window.context().newPage();
    other.navigate(web.address() + "/");
    return new TasksPage(web, window, other, address);
  }

  Window window() {
    return window;
  }

  Page page() {
    return page;
  }

  /** Returns the email address that {@link #register} uses. */
  String address() {
    return address;
  }

  /**
   * Creates an account with an HTTP client and copies its cookies, which is two seconds faster than
   * in the browser.
   */
  TasksPage register() {
    var visitor = web.visitor();
    visitor.browser().sendHeader("User-Agent", (String) page.evaluate("navigator.userAgent"));
    visitor.browser().sendHeader("Accept-Language", (String) page.evaluate("navigator.language"));
    visitor.registered(address);
    window
        .context()
        .addCookies(visitor.browser().cookies().stream().map(TasksPage::cookie).toList());
    page.navigate(web.address() + "/");
    newTask().waitFor();
    return this;
  }

  private static Cookie cookie(HttpCookie given) {
    var cookie =
        new Cookie(given.getName(), given.getValue())
            .setDomain("localhost")
            .setPath(given.getPath())
            .setHttpOnly(given.isHttpOnly())
            .setSecure(true)
            .setSameSite(SameSiteAttribute.LAX);
    return given.getMaxAge() < 0
        ? cookie
        : cookie.setExpires(System.currentTimeMillis() / 1000.0 + given.getMaxAge());
  }

  /** Creates an account on Keycloak's pages. */
  TasksPage registerByPages() {
    page.locator("a[href*='register=true']").click();
    page.locator("#email").fill(address);
    page.locator("#password").fill(Visitor.PASSWORD);
    page.locator("#password-confirm").fill(Visitor.PASSWORD);
    page.locator("#kc-register-form [type=submit]").click();
    newTask().waitFor();
    return this;
  }

  /** Signs in with an existing account, on Keycloak's page unless Keycloak knows the browser. */
  TasksPage signIn(String email) {
    link("Sign in").click();
    var name = page.locator("#username");
    name.or(newTask()).waitFor();
    if (name.isVisible()) {
      name.fill(email);
      page.locator("#password").fill(Visitor.PASSWORD);
      page.locator("#kc-login").click();
    }
    newTask().waitFor();
    return this;
  }

  /** Signs out of this browser. */
  void signOut() {
    account().getByRole(AriaRole.BUTTON, named("Sign out")).click();
  }

  /** Opens the account dialog and waits until the sessions are loaded. */
  Locator account() {
    button("Account").click();
    page.locator(".devices").waitFor();
    return page.getByRole(AriaRole.DIALOG, new GetByRoleOptions().setName("Account"));
  }

  Locator newTask() {
    return page.locator("#new-task"); // the label depends on the language
  }

  /** Adds a task and waits until the server has saved it. */
  TasksPage add(String title) {
    newTask().fill(title);
    newTask().press("Enter");
    page.locator("[data-task]").filter(new Locator.FilterOptions().setHasText(title)).waitFor();
    return this;
  }

  /**
   * Performs an action and waits until the API has answered the request that it causes. The page
   * shows a change before the answer; another tab, a reload or an outage may overtake the request.
   */
  TasksPage awaitResponse(String method, Runnable action) {
    page.waitForResponse(
        response ->
            response.request().method().equals(method) && response.url().contains("/api/me/tasks"),
        action);
    return this;
  }

  /** Waits until no change is waiting for its answer. */
  void awaitSaved() {
    PlaywrightAssertions.assertThat(page.locator("[aria-busy=true]")).hasCount(0);
  }

  /** Returns the checkbox of a task. */
  Locator task(String title) {
    return page.getByRole(AriaRole.CHECKBOX, new GetByRoleOptions().setName(title).setExact(true));
  }

  /** Returns the titles of the list from top to bottom. */
  List<String> titles() {
    return page.locator("ul.tasks .words .title").allTextContents();
  }

  /** Opens the fields of a task and returns the title. */
  Locator edit(String title) {
    button("Edit: " + title).click();
    return page.getByLabel("Title");
  }

  void delete(String title) {
    button("Delete: " + title).click();
  }

  /** Shows the tasks that are {@code Open}, {@code Done}, or {@code All}. */
  void show(String filter) {
    button(filter).click();
  }

  void search(String text) {
    page.getByLabel("Search tasks").fill(text);
  }

  /** Returns the notice with this text. */
  Locator notice(String text) {
    return page.locator(".notice").filter(new Locator.FilterOptions().setHasText(text));
  }

  /** Waits until the page shows this reason why there is no session. */
  Locator awaitReason(String text) {
    var reason = page.locator("#why").filter(new Locator.FilterOptions().setHasText(text));
    reason.waitFor();
    return reason;
  }

  /** Makes the next request for the session check it at Keycloak. */
  void makeSessionCheckDue() {
    web.database()
        .sql("update web.session set checked_at = now() - interval '1 hour' where subject = ?")
        .param(subject())
        .update();
  }

  /** Returns the subject of the signed-in user. */
  String subject() {
    return (String)
        page.evaluate("fetch('/session').then(a => a.json()).then(session => session.subject)");
  }

  /** Simulates the return to this tab after it was in the background. */
  void returnToTab() {
    page.evaluate(
        """
        async () => {
          // the page ignores a second event within a second
          await new Promise(done => setTimeout(done, 1100));
          dispatchEvent(new Event('focus'));
        }""");
  }

  Locator button(String name) {
    return page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(name).setExact(true));
  }

  Locator link(String name) {
    return page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName(name).setExact(true));
  }

  /** Returns problems of the browser, without the expected ones. */
  List<String> problems(String... expected) {
    var known = Pattern.compile(String.join("|", expected));
    return window.problems().stream()
        .filter(problem -> expected.length == 0 || !known.matcher(problem).find())
        .toList();
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }

  @Override
  public void close() {
    window.close();
  }
}
