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

/** The page as a person uses it: by the names and roles that they see and hear, in English. */
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

  /** A browser that nobody has used, at the front door. */
  static TasksPage open(TestWeb web) {
    return open(web, new NewContextOptions());
  }

  /** Likewise, of some size, language or colours. */
  static TasksPage open(TestWeb web, NewContextOptions options) {
    Window window =
        Chromium.open(options.setLocale(options.locale == null ? "en" : options.locale));
    TasksPage opened = at(web, window);
    opened.page.navigate(web.address() + "/");
    return opened;
  }

  /** A browser with a profile in this folder, as it was left there, at the front door. */
  static TasksPage openProfile(TestWeb web, Path folder) {
    TasksPage opened = at(web, Chromium.openProfile(folder));
    opened.page.navigate(web.address() + "/");
    return opened;
  }

  private static TasksPage at(TestWeb web, Window window) {
    window.stayAt(web.address() + "/", web.keycloak().url() + "/");
    return new TasksPage(web, window, window.page(), "p" + UUID.randomUUID() + "@example.org");
  }

  /** Another tab of the same browser, at the front door. */
  TasksPage tab() {
    Page other = window.context().newPage();
    other.navigate(web.address() + "/");
    return new TasksPage(web, window, other, address);
  }

  Window window() {
    return window;
  }

  Page page() {
    return page;
  }

  /** The e-mail address that {@link #register} takes. */
  String address() {
    return address;
  }

  /**
   * Makes an account without showing the pages, which takes a browser two seconds, and takes over
   * the cookies.
   */
  TasksPage register() {
    Visitor visitor = web.visitor();
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
    Cookie cookie =
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

  /** Makes an account by the pages, and comes back. */
  TasksPage registerByPages() {
    page.locator("a[href*='register=true']").click();
    page.locator("#email").fill(address);
    page.locator("#password").fill(Visitor.PASSWORD);
    page.locator("#password-confirm").fill(Visitor.PASSWORD);
    page.locator("#kc-register-form [type=submit]").click();
    newTask().waitFor();
    return this;
  }

  /**
   * Signs in as somebody who has an account, and comes back; by Keycloak's page, unless Keycloak
   * knows the browser.
   */
  TasksPage signIn(String who) {
    link("Sign in").click();
    Locator name = page.locator("#username");
    name.or(newTask()).waitFor();
    if (name.isVisible()) {
      name.fill(who);
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

  /** Opens the sheet with everything about the account, and waits until all of it is there. */
  Locator account() {
    button("Account").click();
    page.locator(".devices").waitFor();
    return page.getByRole(AriaRole.DIALOG, new GetByRoleOptions().setName("Account"));
  }

  Locator newTask() {
    return page.locator("#new-task"); // whatever it is called in the person's language
  }

  /** Adds a task and waits until the server has it. */
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

  /** The box of a task: checked when it is done. */
  Locator task(String title) {
    return page.getByRole(AriaRole.CHECKBOX, new GetByRoleOptions().setName(title).setExact(true));
  }

  /** All titles of the list, from above. */
  List<String> titles() {
    return page.locator("ul.tasks .words .title").allTextContents();
  }

  /** Opens the fields of a task. */
  Locator edit(String title) {
    button("Edit: " + title).click();
    return page.getByLabel("Title");
  }

  void delete(String title) {
    button("Delete: " + title).click();
  }

  /** Shows the tasks that are {@code Open}, {@code Done}, or {@code All}. */
  void show(String which) {
    button(which).click();
  }

  void search(String text) {
    page.getByLabel("Search tasks").fill(text);
  }

  /** A line at the foot of the page that contains this text. */
  Locator notice(String text) {
    return page.locator(".notice").filter(new Locator.FilterOptions().setHasText(text));
  }

  /** Waits until the page says why nobody is signed in. */
  Locator why(String text) {
    Locator why = page.locator("#why").filter(new Locator.FilterOptions().setHasText(text));
    why.waitFor();
    return why;
  }

  /** Has this server's next look at the session ask Keycloak, without waiting for its time. */
  void letCheckBeDue() {
    web.database()
        .sql("update web.session set checked_at = now() - interval '1 hour' where subject = ?")
        .param(subject())
        .update();
  }

  /** Whose page this is, for Keycloak and the database. */
  String subject() {
    return (String)
        page.evaluate("fetch('/session').then(a => a.json()).then(session => session.subject)");
  }

  /** The person comes back to this tab, as after a pause in which it was in the background. */
  void wake() {
    page.evaluate(
        """
        async () => {
          // two looks within a second are one
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

  /** What went wrong without anybody having seen it; refusals that a test has provoked are none. */
  List<String> problems(String... expected) {
    Pattern known = Pattern.compile(String.join("|", expected));
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
