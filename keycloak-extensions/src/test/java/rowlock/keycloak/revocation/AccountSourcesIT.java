/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.local.login.Page;

/** Changes of accounts and passwords cause events. */
class AccountSourcesIT extends WatchedRealm {
  private static final String NEW_PASSWORD = "a-fog-horn-and-a-bell";

  @Test
  void anAdministratorDisablesAndEnablesAnAccount() {
    var person = realm.person();

    update(person, "{\"enabled\":false}");
    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("account-disabled"));

    update(person, "{\"enabled\":false}");
    update(person, "{\"enabled\":true,\"lastName\":\"Darling\"}");
    eventually(
        () ->
            assertThat(receiver.types(person.id()))
                .containsExactly("account-disabled", "account-enabled"));
    var received = receiver.about(person.id());
    assertThat(received.get(0).event().path("initiating_entity").asString()).isEqualTo("admin");
    assertThat(received.get(0).claims().path("toe").decimalValue())
        .isLessThan(received.get(1).claims().path("toe").decimalValue());
  }

  @Test
  void anAccountIsLockedPermanentlyAfterTooManyGuesses() {
    var person = realm.person();
    realm
        .admin()
        .put(
            realm.path(""),
            "{\"bruteForceProtected\":true,\"permanentLockout\":true,\"failureFactor\":1}");
    try {
      realm.post(
          "token",
          Map.of(
              "grant_type", "password",
              "client_id", "app",
              "username", person.name(),
              "password", "a guess"));

      var received = receiver.awaitEvent(one -> one.user().equals(person.id()));

      assertThat(received.shortType()).isEqualTo("account-disabled");
    } finally {
      realm.admin().put(realm.path(""), "{\"bruteForceProtected\":false}");
    }
  }

  @ParameterizedTest
  @CsvSource({"disable-user, account-disabled", "delete-user, account-purged"})
  void workflow_disablesOrDeletesAccount_isReported(String step, String event) {
    var person = realm.person();
    var manager = realm.person();
    realm.grant(manager, "realm-management", "realm-admin");
    var token = realm.login("app", manager).accessToken();
    var workflows = "/admin/realms/revocation/workflows";
    var made =
        realm.send(
            "POST",
            workflows,
            token,
            "{\"name\":\"%1$s\",\"steps\":[{\"uses\":\"%1$s\"}]}".formatted(step));
    assertThat(made.status()).as(made.toString()).isEqualTo(201);
    var workflow =
        realm
            .send("GET", workflows, token, "")
            .body()
            .valueStream()
            .filter(one -> one.path("name").asString().equals(step))
            .findFirst()
            .orElseThrow()
            .path("id")
            .asString();

    var begun =
        realm.send(
            "POST", workflows + "/" + workflow + "/activate/USERS/" + person.id(), token, "");

    assertThat(begun.status()).as(begun.toString()).isEqualTo(204);
    var received = receiver.awaitEvent(one -> one.user().equals(person.id()));
    assertThat(received.shortType()).isEqualTo(event);
  }

  @Test
  void anAdministratorDeletesAnAccount() {
    var person = realm.person();
    realm.login("app", person);

    realm.admin().delete(realm.path("/users/" + person.id()));

    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("account-purged"));
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("admin");
  }

  @Test
  void aUserDeletesTheirOwnAccount() {
    var person = realm.person();
    realm.grant(person, "account", "delete-account");
    var action = realm.admin().get(required("delete_account"));
    realm
        .admin()
        .put(
            required("delete_account"),
            action.toString().replace("\"enabled\":false", "\"enabled\":true"));
    var app = realm.flow("app");
    var browser = app.newBrowser();
    realm.login(app, browser, person);

    var page = browser.open(realm.action("delete_account"));
    if (page.hasForm("kc-form-login")) { // the login was longer ago than this second
      page = page.submit("kc-form-login", Map.of("password", RevocationRealm.PASSWORD));
    }
    assertThat(page.text()).contains("delete");
    submitOnly(page, Map.of());

    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("account-purged"));
    assertThat(receiver.about(person.id()).get(0).event().path("initiating_entity").asString())
        .isEqualTo("user");
  }

  /** Keycloak replaces the account by deleting and creating it; the user's data must stay. */
  @FieldReport("https://github.com/keycloak/keycloak/issues/36408")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void partialImport_overwritesWithId_endsSessionsOnly(boolean enabled) {
    var person = realm.person();

    partialImport(person.name(), person.id(), enabled);

    var expected =
        enabled
            ? List.of("session-revoked", "account-enabled")
            : List.of("session-revoked", "account-enabled", "account-disabled");
    eventually(
        () ->
            assertThat(receiver.about(person.id()))
                .extracting(EventReceiver.ReceivedEvent::shortType)
                .containsExactlyInAnyOrderElementsOf(expected));
    var received = receiver.about(person.id());
    assertThat(received)
        .extracting(one -> one.claims().path("toe").decimalValue())
        .hasSize(expected.size())
        .containsOnly(received.getFirst().claims().path("toe").decimalValue());
    assertThat(received).allMatch(one -> one.subject().path("format").asString().equals("iss_sub"));
    assertThat(
            received.stream()
                .filter(one -> one.shortType().equals("account-enabled"))
                .allMatch(one -> one.event().path("rowlock_created").asBoolean()))
        .isTrue();
  }

  @Test
  void partialImport_overwritesWithoutId_replacesAccount() {
    var person = realm.person();

    partialImport(person.name(), null, true);

    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("account-purged"));
    assertThat(receiver.about(person.id()).getFirst().event().path("initiating_entity").asString())
        .isEqualTo("admin");
    var successor = idOf(person.name());
    assertThat(successor).isNotEqualTo(person.id());
    eventually(() -> assertThat(receiver.types(successor)).containsExactly("account-enabled"));
  }

  @Test
  void partialImport_idOfDeletedAccount_restoresIt() {
    var person = realm.person();
    realm.admin().delete(realm.path("/users/" + person.id()));

    partialImport(person.name(), person.id(), true);

    eventually(
        () ->
            assertThat(receiver.types(person.id()))
                .containsExactly("account-purged", "account-enabled"));
    var received = receiver.about(person.id());
    assertThat(received.get(1).event().path("rowlock_created").asBoolean()).isTrue();
    assertThat(received.get(0).claims().path("toe").decimalValue())
        .isLessThan(received.get(1).claims().path("toe").decimalValue());
  }

  /** The removal is not attributed to the user who enters the name at the login page. */
  @FieldReport("https://github.com/keycloak/keycloak/issues/24669")
  @Test
  void directoryUser_unknownToDirectory_isRemovedBySystem() {
    var realmId = realm.admin().get(realm.path("")).path("id").asString();
    realm.admin().post(realm.path("/components"), directory(realmId, "all"));
    var directory =
        realm
            .admin()
            .get(realm.path("/components?name=test-directory"))
            .path(0)
            .path("id")
            .asString();
    try {
      var name = "member-" + UUID.randomUUID() + "@example.org";
      var id = UUID.randomUUID().toString();
      realm
          .admin()
          .post(
              realm.path("/partialImport"),
              """
              {"ifResourceExists": "FAIL", "users": [{"id": "%s", "username": "%s", "enabled": true,
               "federationLink": "%s"}]}"""
                  .formatted(id, name, directory));
      realm.admin().put(realm.path("/components/" + directory), directory(realmId, "no-such-user"));
      var flow = realm.flow("app");

      flow.begin(flow.newBrowser())
          .loginPage()
          .submit("kc-form-login", Map.of("username", name, "password", "a guess"));

      eventually(() -> assertThat(receiver.types(id)).contains("account-purged"));
      assertThat(
              receiver
                  .awaitEvent(
                      one -> one.user().equals(id) && one.shortType().equals("account-purged"))
                  .event()
                  .path("initiating_entity")
                  .asString())
          .isEqualTo("system");
    } finally {
      realm.admin().delete(realm.path("/components/" + directory));
    }
  }

  private static String directory(String realm, String answers) {
    return """
        {"name": "test-directory", "providerId": "test-directory", "parentId": "%s",
         "providerType": "org.keycloak.storage.UserStorageProvider",
         "config": {"enabled": ["true"], "priority": ["0"], "cachePolicy": ["NO_CACHE"], "answers": ["%s"]}}"""
        .formatted(realm, answers);
  }

  private static void partialImport(String name, @Nullable String id, boolean enabled) {
    realm
        .admin()
        .post(
            realm.path("/partialImport"),
            """
            {"ifResourceExists": "OVERWRITE", "users": [{%s "username": "%s", "email": "%s", "enabled": %s}]}"""
                .formatted(id == null ? "" : "\"id\": \"" + id + "\",", name, name, enabled));
  }

  private static String idOf(String name) {
    return realm
        .admin()
        .get(realm.path("/users?exact=true&username=" + name))
        .path(0)
        .path("id")
        .asString();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/50926")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void passwordChange_withOrWithoutTheBox_endsOtherSessions(boolean ticked) {
    var person = realm.person();
    var elsewhere = realm.login("other-app", person);
    var offline = realm.login("app", person, "openid offline_access");
    var app = realm.flow("app");
    var browser = app.newBrowser();
    var here = realm.login(app, browser, person);

    var page = browser.open(realm.action("UPDATE_PASSWORD"));
    var fields = new HashMap<String, String>();
    fields.put("password-new", NEW_PASSWORD);
    fields.put("password-confirm", NEW_PASSWORD);
    if (ticked) { // the box "sign out from other devices"; it is not sent otherwise
      fields.put("logout-sessions", "on");
    }
    var done = page.submit("kc-passwd-update-form", fields);

    assertThat(done.callback()).containsEntry("kc_action_status", "success");
    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("credential-change"));
    var change =
        receiver
            .awaitEvent(one -> one.user().equals(person.id()) && one.event().has("change_type"))
            .event();
    assertThat(change.path("credential_type").asString()).isEqualTo("password");
    assertThat(change.path("change_type").asString()).isEqualTo("update");
    assertThat(change.path("initiating_entity").asString()).isEqualTo("user");
    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(elsewhere.sessionId(), offline.sessionId()));
    assertThat(realm.lives("app", here)).isTrue();
    assertThat(realm.lives("other-app", elsewhere)).isFalse();
    assertThat(realm.lives("app", offline)).isFalse();
  }

  @Test
  void aPasswordThatAnAdministratorSetsEndsAllSessions() {
    var person = realm.person();
    var one = realm.login("app", person);
    var two = realm.login("other-app", person);

    realm
        .admin()
        .put(
            realm.path("/users/" + person.id() + "/reset-password"),
            "{\"type\":\"password\",\"value\":\"" + NEW_PASSWORD + "\"}");

    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("credential-change"));
    eventually(
        () ->
            assertThat(receiver.sessionsEnded(person.id()))
                .containsExactlyInAnyOrder(one.sessionId(), two.sessionId()));
    assertThat(realm.lives("app", one)).isFalse();
  }

  @Test
  void passwordInAdminUserUpdate_endsAllSessions() {
    var person = realm.person();
    var login = realm.login("app", person);

    update(
        person, "{\"credentials\":[{\"type\":\"password\",\"value\":\"" + NEW_PASSWORD + "\"}]}");

    eventually(() -> assertThat(receiver.types(person.id())).containsExactly("credential-change"));
    eventually(
        () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(login.sessionId()));
    assertThat(realm.lives("app", login)).isFalse();
  }

  @Test
  void aPasswordResetByMailEndsAllSessionsButTheFreshOne() {
    var mailbox = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mailbox.start();
    try {
      realm
          .admin()
          .put(
              realm.path(""),
              "{\"smtpServer\":{\"host\":\"127.0.0.1\",\"port\":\"%d\",\"from\":\"light@example.org\"}}"
                  .formatted(mailbox.getSmtp().getPort()));
      var person = realm.person();
      var old = realm.login("other-app", person);
      var app = realm.flow("app");
      var browser = app.newBrowser();
      var attempt = app.begin(browser);
      attempt
          .loginPage()
          .follow("a[href*=reset-credentials]")
          .submit("kc-reset-password-form", Map.of("username", person.name()));
      assertThat(mailbox.waitForIncomingEmail(30_000, 1)).isTrue();

      var tokens = attempt.finish(newPassword(browser.open(linkIn(mailbox))));

      eventually(
          () -> assertThat(receiver.sessionsEnded(person.id())).containsExactly(old.sessionId()));
      eventually(
          () -> assertThat(receiver.types(person.id())).containsExactly("credential-change"));
      assertThat(realm.lives("other-app", old)).isFalse();
      assertThat(realm.refresh("app", tokens.requireRefreshToken()).status()).isEqualTo(200);
    } finally {
      realm.admin().put(realm.path(""), "{\"smtpServer\":{}}");
      mailbox.stop();
    }
  }

  @Test
  void removedCredential_isReported() {
    var person = realm.person();
    var credential =
        realm
            .admin()
            .get(realm.path("/users/" + person.id() + "/credentials"))
            .path(0)
            .path("id")
            .asString();

    realm.admin().delete(realm.path("/users/" + person.id() + "/credentials/" + credential));

    await().untilAsserted(() -> assertThat(receiver.types(person.id())).hasSize(1));
    assertThat(receiver.about(person.id()).get(0).event().path("change_type").asString())
        .isEqualTo("delete");
  }

  private static void update(RevocationRealm.Person person, String json) {
    realm.admin().put(realm.path("/users/" + person.id()), json);
  }

  private static String required(String action) {
    return realm.path("/authentication/required-actions/" + action);
  }

  private static Page newPassword(Page page) {
    return page.submit(
        "kc-passwd-update-form",
        Map.of("password-new", NEW_PASSWORD, "password-confirm", NEW_PASSWORD));
  }

  /** Sends the only form of a page that has no id. */
  private static Page submitOnly(Page page, Map<String, String> fields) {
    var form = page.document().selectFirst("form");
    form.attr("id", "only");
    return page.submit("only", fields);
  }

  private static URI linkIn(GreenMail mailbox) {
    var text = GreenMailUtil.getBody(mailbox.getReceivedMessages()[0]);
    var link = Pattern.compile("http://localhost:[0-9]+/realms/[^\\s\"<]+action-token[^\\s\"<]+");
    var matcher = link.matcher(text.replace("=\r\n", "").replace("=3D", "="));
    assertThat(matcher.find()).as(text).isTrue();
    return URI.create(matcher.group().replace("&amp;", "&"));
  }
}
