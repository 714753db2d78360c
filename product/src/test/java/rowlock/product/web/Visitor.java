/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user with a browser, and the requests that the page in it sends. */
public final class Visitor {
  /** Satisfies the realm's password policy. */
  public static final String PASSWORD = "violet-anchor-kettle-42";

  public static final String COOKIE = "__Host-rowlock";

  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final TestWeb web;
  private final BrowserSession browser;
  private final String email = "v" + UUID.randomUUID() + "@example.org";
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

  Visitor(TestWeb web, BrowserSession browser) {
    this.web = web;
    this.browser = browser;
  }

  public BrowserSession browser() {
    return browser;
  }

  public String email() {
    return email;
  }

  /** Creates an account; the browser returns signed in. */
  public Visitor registered() {
    return registered(email);
  }

  /** Creates an account with this email address. */
  public Visitor registered(String address) {
    var form = browser.open(web.at("/login?register=true"));
    var last =
        form.submit(
            "kc-register-form",
            Map.of("email", address, "password", PASSWORD, "password-confirm", PASSWORD));
    if (!last.address().toString().startsWith(web.address().toString())) {
      throw new IllegalStateException(
          "not returned: " + last.address().getPath() + " " + last.text());
    }
    return this;
  }

  /** Signs in on Keycloak's page, unless Keycloak knows the browser. Returns the last page. */
  public Page signIn(String address, String path) {
    var form = browser.open(web.at(path));
    return form.hasForm("kc-form-login")
        ? form.submit("kc-form-login", Map.of("username", address, "password", PASSWORD))
        : form;
  }

  /** Returns the value of the session cookie. */
  public String cookie() {
    return String.valueOf(browser.cookie(COOKIE));
  }

  public JsonNode session() {
    return json(get("/session"));
  }

  public String csrf() {
    return session().path("csrf").asString();
  }

  public HttpResponse<String> get(String path) {
    return send(request(web.address(), path).GET());
  }

  /** Sends a request as the page does: with cookie, CSRF token and Fetch Metadata. */
  public HttpResponse<String> send(String method, String path, String body) {
    var request =
        request(web.address(), path)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("X-CSRF-Token", csrf())
            .header("Sec-Fetch-Site", "same-origin");
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return send(request);
  }

  /** Returns Keycloak's id of the newest session. */
  public String keycloakSession() {
    return web.database()
        .sql(
            "select issuer_session from web.session where subject = ? order by started_at desc limit 1")
        .param(subject())
        .query(String.class)
        .single();
  }

  public String subject() {
    return session().path("subject").asString();
  }

  /** Returns a request to a node with the session cookie. */
  public HttpRequest.Builder request(URI node, String path) {
    return HttpRequest.newBuilder(URI.create(node + path))
        .timeout(Duration.ofSeconds(60))
        .header("Cookie", COOKIE + "=" + cookie());
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    var answer = http(request.build());
    seen.add(answer.headers().map() + answer.body());
    return answer;
  }

  /** Returns all response headers and bodies that the page has received. */
  public String everythingSeen() {
    return String.join("\n", seen);
  }

  public static HttpResponse<String> http(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode json(HttpResponse<String> answer) {
    return JSON.readTree(answer.body());
  }
}
