/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import rowlock.local.login.BrowserSession;

/** Acts as a user of task-web in a browser. */
final class BrowserUser {
  private final Compose stack;
  private final BrowserSession browser = new BrowserSession();

  BrowserUser(Compose stack) {
    this.stack = stack;
  }

  /** Signs in on Keycloak's page and returns to task-web. */
  BrowserUser signedIn(String person) {
    var form = browser.open(URI.create(stack.web("/login")));
    var back =
        form.submit("kc-form-login", Map.of("username", person, "password", TestUsers.PASSWORD));
    if (!back.address().toString().startsWith(stack.web("/"))) {
      throw new IllegalStateException(
          "Not redirected back to task-web: " + back.address().getPath() + " " + back.text());
    }
    return this;
  }

  JsonNode session() throws Exception {
    return Http.json(Http.send(request("/session")));
  }

  HttpResponse<String> tasks() throws Exception {
    return Http.send(request("/api/me/tasks"));
  }

  HttpResponse<String> add(String title) throws Exception {
    return send("POST", "/api/me/tasks", "{\"title\":\"" + title + "\"}");
  }

  HttpResponse<String> signOut() throws Exception {
    return send("POST", "/logout", "");
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return Http.send(
        request(path)
            .header("X-CSRF-Token", session().path("csrf").asText())
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(stack.web(path)))
        .header("Cookie", "__Host-rowlock=" + browser.cookie("__Host-rowlock"));
  }
}
