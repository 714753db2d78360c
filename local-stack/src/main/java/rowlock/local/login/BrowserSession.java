/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Acts as a user's browser: keeps cookies, follows redirects and submits forms. It does not follow
 * a redirect to the application; the page then has its parameters, see {@link Page#callback()}. Not
 * thread-safe.
 */
public final class BrowserSession {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final int MAX_REDIRECTS = 20;
  private static final int KEEPS_METHOD_TEMPORARILY = 307;
  private static final int KEEPS_METHOD_FOR_GOOD = 308;

  private final LocalhostCookies cookies = new LocalhostCookies();
  private final @Nullable URI application;
  private final Map<String, String> headers = new LinkedHashMap<>();

  /** Creates a browser that follows every redirect. */
  public BrowserSession() {
    this.application = null;
  }

  /**
   * Creates a browser that stops at the application.
   *
   * @param redirectUri of the application, without query; no server needs to listen there
   */
  public BrowserSession(URI redirectUri) {
    this.application = redirectUri;
  }

  /** Opens an address as if a user had typed it in. */
  public Page open(URI address) {
    return load("GET", address, null);
  }

  /** Opens a link of a mail, and presses the button of its page if there is one. */
  public Page openMail(URI link) {
    return open(link).confirm();
  }

  /** Adds a header to each further request, as a proxy in front of the server does. */
  public void sendHeader(String name, String value) {
    headers.put(name, value);
  }

  /** Returns the value of a cookie of any site, or null. */
  public @Nullable String cookie(String name) {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals(name))
        .map(cookie -> cookie.getValue())
        .findFirst()
        .orElse(null);
  }

  /** Returns all cookies, of any site. */
  public List<HttpCookie> cookies() {
    return List.copyOf(cookies.getCookieStore().getCookies());
  }

  Page submit(String method, URI action, Map<String, String> fields) {
    if (method.equalsIgnoreCase("get")) {
      var query = Forms.encode(fields);
      return open(action.resolve("?" + query));
    }
    return load("POST", action, Forms.encode(fields));
  }

  private Page load(String method, URI address, @Nullable String form) {
    var currentMethod = method;
    var currentAddress = address;
    var currentForm = form;
    for (var hop = 0; hop < MAX_REDIRECTS; hop++) {
      var response = send(currentMethod, currentAddress, currentForm);
      var location = response.headers().firstValue("Location");
      if (response.statusCode() / 100 != 3 || location.isEmpty()) {
        return new Page(
            this, currentAddress, response.statusCode(), response.headers(), response.body());
      }
      currentAddress = currentAddress.resolve(location.get());
      if (isApplication(currentAddress)) {
        return new Page(this, currentAddress, response.statusCode(), response.headers(), "");
      }
      if (response.statusCode() != KEEPS_METHOD_TEMPORARILY
          && response.statusCode() != KEEPS_METHOD_FOR_GOOD) {
        currentMethod = "GET";
        currentForm = null;
      }
    }
    throw new IllegalStateException(
        "More than " + MAX_REDIRECTS + " redirects from " + address.getPath());
  }

  boolean isApplication(URI address) {
    return application != null && withoutQuery(address).equals(withoutQuery(application));
  }

  private static String withoutQuery(URI address) {
    return address.toString().replaceFirst("[?#].*", "");
  }

  private HttpResponse<String> send(String method, URI address, @Nullable String form) {
    try {
      var request =
          HttpRequest.newBuilder(address).timeout(ANSWER_LIMIT).header("Accept", "text/html,*/*");
      headers.forEach(request::header);
      cookies.get(address, Map.of()).getOrDefault("Cookie", List.of()).stream()
          .reduce((one, other) -> one + "; " + other)
          .ifPresent(header -> request.header("Cookie", header));
      if (form == null) {
        request.method(method, BodyPublishers.noBody());
      } else {
        request.header("Content-Type", "application/x-www-form-urlencoded");
        request.method(method, BodyPublishers.ofString(form));
      }
      var response = HTTP.send(request.build(), BodyHandlers.ofString());
      cookies.put(address, response.headers().map());
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while loading a page", e);
    }
  }
}
