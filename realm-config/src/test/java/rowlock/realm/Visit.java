/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.authorization;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.NavigateOptions;
import com.microsoft.playwright.options.WaitUntilState;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import rowlock.browser.Chromium;
import rowlock.browser.Window;
import rowlock.local.mail.Mail;

/** Opens a real browser, and an application with empty pages that redirects to the login. */
final class Visit implements AutoCloseable {
  private final Window window;
  private final HttpServer application;

  private Visit(Window window) {
    this.window = window;
    try {
      application = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    application.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/") ? 200 : 204, -1);
          exchange.close();
        });
    application.start();
    page().onDialog(Dialog::accept);
  }

  static Visit start() {
    return start(new NewContextOptions());
  }

  static Visit start(NewContextOptions options) {
    return new Visit(Chromium.open(options));
  }

  Window window() {
    return window;
  }

  Page page() {
    return window.page();
  }

  /** Returns the address of the application. */
  String application() {
    return "http://127.0.0.1:" + application.getAddress().getPort() + "/";
  }

  /**
   * Opens the authorization endpoint with further parameters. It does not wait until the page has
   * loaded, because a passkey may leave it earlier.
   */
  void open(String... more) {
    var parameters =
        new TreeMap<>(
            Map.of(
                "client_id", "task-cli",
                "response_type", "code",
                "scope", "openid",
                "redirect_uri", application(),
                "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                "code_challenge_method", "S256"));
    for (var index = 0; index < more.length; index += 2) {
      parameters.put(more[index], more[index + 1]);
    }
    page()
        .navigate(
            authorization(parameters).toString(),
            new NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
  }

  void enterPassword(String address) {
    page().fill("#username", address);
    page().fill("#password", PASSWORD);
    page().click("#kc-login");
  }

  /** Clicks an element that a script handles, once the page has loaded completely. */
  void clickOfScript(String selector) {
    page().waitForSelector(selector);
    page().waitForLoadState();
    page().click(selector);
  }

  /** Waits until the application has received a code. */
  void awaitSignedIn() {
    page().waitForURL(Pattern.compile(Pattern.quote(application()) + ".*code=.*"));
  }

  /** Shows a mail as a mail program does. */
  void showMail(Mail mail) {
    page().navigate("about:blank");
    page().setContent(mail.html());
  }

  /** Deletes all cookies, as a new browser. */
  void forgetCookies() {
    window.context().clearCookies();
  }

  @Override
  public void close() {
    window.close();
    application.stop(0);
  }
}
