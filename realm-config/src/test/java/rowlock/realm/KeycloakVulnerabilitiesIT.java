/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.PASSWORD;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.issuer;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;
import static rowlock.realm.RealmServer.token;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.FormElement;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Attacks of published vulnerabilities of Keycloak, on the realm with the extensions. */
class KeycloakVulnerabilitiesIT {
  private static final String CLIENTS = "/realms/" + Realm.NAME + "/clients";
  private static final String TYPE = "urn:ietf:params:oauth:token-type:";

  /**
   * CVE-2026-18963: a request to try another way, which belongs to a form, moved the reset of a
   * password past the step that waits for the link in the mail.
   */
  @Test
  void passwordReset_tryAnotherWay_needsTheMail() {
    for (var isNamedFirst : List.of(false, true)) {
      var person = register();
      var name = Map.of("username", person.address());
      var browser = flow().newBrowser();
      var page = flow().begin(browser).loginPage().follow("a[href*=reset-credentials]");
      var action = page.document().getElementById("kc-reset-password-form").absUrl("action");
      var reset = URI.create(action.replaceFirst("\\?.*", "") + query(action));

      if (isNamedFirst) {
        send(page, name);
        page = browser.open(reset);
      }
      send(page, Map.of("tryAnotherWay", "on"));
      page = browser.open(reset);
      if (!isNamedFirst) {
        send(page, name);
      }
      for (var times = 0; times < 3; times++) {
        page = send(browser.open(reset), Map.of());
        send(page, Map.of());
      }

      assertThat(flow().login(person.address(), PASSWORD).accessToken()).isNotBlank();
    }
  }

  /** Sends the form of a page with further fields, as the browser of an attacker can. */
  private static Page send(Page page, Map<String, String> fields) {
    var form = (FormElement) page.document().selectFirst("form[action*=login-actions]");
    if (form == null) {
      return page;
    }
    form.attr("id", "sent");
    fields.keySet().stream()
        .filter(name -> form.selectFirst("[name=" + name + "]") == null)
        .forEach(name -> form.addElement(form.appendElement("input").attr("name", name)));
    var answer = page.submit("sent", fields);
    assertThat(answer.status()).as("not refused by a limit").isNotEqualTo(429);
    assertNoPasswordForm(answer);
    return answer;
  }

  private static void assertNoPasswordForm(Page page) {
    assertThat(page.hasForm("kc-passwd-update-form")).as("a form for a new password").isFalse();
    assertThat(page.callback()).as("a login").isNull();
  }

  /** Returns the client and the tab of an address of a flow. */
  private static String query(String action) {
    var query = new StringBuilder();
    for (var part : URI.create(action).getRawQuery().split("&")) {
      if (part.startsWith("client_id=") || part.startsWith("tab_id=")) {
        query.append(query.isEmpty() ? "?" : "&").append(part);
      }
    }
    return query.toString();
  }

  /**
   * CVE-2026-7507: a link to restart a login that an attacker has begun signed its victim in to it,
   * and the attacker continued with the form for a new password.
   */
  @Test
  void restartOfAnAttackersLogin_doesNotSignTheVictimInToIt() {
    var victim = register();
    var victims = flow().newBrowser();
    var login = flow().begin(victims);
    login.finish(
        login
            .loginPage()
            .submit("kc-form-login", Map.of("username", victim.address(), "password", PASSWORD)));
    var attackers = flow().newBrowser();
    var begun = flow().with("kc_action", "UPDATE_PASSWORD").begin(attackers).loginPage();
    var action = begun.document().getElementById("kc-form-login").absUrl("action");

    for (var path : List.of("restart", "authenticate", "required-action")) {
      for (var cookie : List.of("AUTH_SESSION_ID", "KC_AUTH_SESSION_HASH")) {
        victims.open(
            URI.create(
                issuer()
                    + "/login-actions/"
                    + path
                    + query(action)
                    + "&skip_logout=true&auth_session_id="
                    + attackers.cookie(cookie)));
      }
    }

    for (var path : List.of("authenticate", "required-action")) {
      var page = attackers.open(URI.create(issuer() + "/login-actions/" + path + query(action)));
      assertNoPasswordForm(page);
      assertThat(page.text()).doesNotContain(victim.address());
    }
    assertThat(flow().login(victim.address(), PASSWORD).accessToken()).isNotBlank();
  }

  /**
   * CVE-2026-93999: a refresh token of an exchange names audiences that were disabled meanwhile. No
   * client of the realm gets such a token, also not the one that may exchange.
   */
  @FieldReport("https://github.com/keycloak/keycloak/issues/53074")
  @Test
  void exchangedToken_cannotBeRefreshed() {
    var person = register();
    var client = clientLikeTaskWeb();
    var login =
        JSON.readTree(
            token(
                    Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "client_secret",
                        client,
                        "username",
                        person.address(),
                        "password",
                        PASSWORD,
                        "scope",
                        "openid"))
                .body());
    assertThat(login.has("access_token")).as(login.toString()).isTrue();

    var exchanged = exchange(client, login.path("access_token").asString(), "access_token");
    assertThat(exchanged.propertyNames()).contains("access_token").doesNotContain("refresh_token");
    var refreshable = exchange(client, login.path("access_token").asString(), "refresh_token");
    assertThat(refreshable.propertyNames()).contains("error").doesNotContain("refresh_token");
    for (var one : realm("/clients")) {
      assertThat(
              one.at("/attributes/standard.token.exchange.enableRefreshRequestedTokenType")
                  .asString("NO"))
          .as(one.path("clientId").asString())
          .isEqualTo("NO");
    }
  }

  private static JsonNode exchange(String client, String subject, String type) {
    var answer =
        token(
            Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "client_id",
                client,
                "client_secret",
                client,
                "subject_token",
                subject,
                "subject_token_type",
                TYPE + "access_token",
                "requested_token_type",
                TYPE + type));
    return JSON.readTree(answer.body());
  }

  /** Creates a client like {@code task-web}, with a secret and the password grant. */
  private static String clientLikeTaskWeb() {
    var id = "like-task-web-" + UUID.randomUUID();
    var client = (ObjectNode) realm("/clients?clientId=task-web").get(0).deepCopy();
    client.remove("id");
    client.put("clientId", id).put("secret", id).put("clientAuthenticatorType", "client-secret");
    client.put("directAccessGrantsEnabled", true);
    for (var mapper : client.path("protocolMappers")) {
      ((ObjectNode) mapper).remove("id");
    }
    admin().post(CLIENTS, client.toString());
    return id;
  }
}
