/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.OAuthException;
import rowlock.local.login.Page;
import rowlock.local.login.Tokens;
import rowlock.local.testing.TestServers;
import rowlock.product.TaskApiProcess;
import rowlock.product.TestProduct;
import rowlock.realm.Realm;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks each action that ends a session in Keycloak. After the response to the action, the next
 * call with a token of that session is refused by both processes of task-api. Only one process
 * receives the events; they share nothing but the database.
 */
class EachProcessIT {
  private static final String NEW_PASSWORD = "amber-kettle-anchor-77";
  private static final Duration LONG = Duration.ofSeconds(60);

  private static KeycloakServer keycloak;
  private static List<TaskApiProcess> processes = List.of();

  private final String email = "p" + UUID.randomUUID() + "@example.org";
  private Tokens tokens;
  private Tokens elsewhere;
  private Tokens bystander;

  @BeforeAll
  static void startTwoProcesses() {
    keycloak = TestServers.keycloak(TestProduct.keycloakSpec());
    processes = TaskApiProcess.start(TestProduct.apiSettings(keycloak, TestServers.postgres()), 2);
    var receiver = processes.get(0);
    TestProduct.sendEventsTo(
        keycloak, receiver.api("/events").toString(), receiver.api("/.well-known/jwks.json"));
  }

  @AfterAll
  static void stop() {
    processes.forEach(TaskApiProcess::close);
  }

  @BeforeEach
  void signInOnTwoDevices() {
    tokens = flow().register(email, TestProduct.PASSWORD, "", "");
    elsewhere = flow().login(email, TestProduct.PASSWORD);
    bystander = flow().register("q" + email, TestProduct.PASSWORD, "", "");
    assertAccepted(tokens);
    assertAccepted(elsewhere);
    assertAccepted(bystander);
  }

  private static AuthorizationCodeFlow flow() {
    return TestProduct.signIn(keycloak);
  }

  private static AdminApi admin() {
    return new AdminApi(keycloak);
  }

  private String user() {
    return "/realms/" + Realm.NAME + "/users/" + claim(tokens, "sub");
  }

  private static String claim(Tokens of, String name) {
    var claims = Base64.getUrlDecoder().decode(of.accessToken().split("\\.")[1]);
    return JsonMapper.shared().readTree(claims).path(name).asString();
  }

  private static List<Integer> answers(Tokens of) {
    return processes.stream()
        .map(
            process ->
                Person.send(
                        HttpRequest.newBuilder(process.api("/api/me/tasks"))
                            .header("Authorization", "Bearer " + of.accessToken())
                            .timeout(Duration.ofSeconds(15))
                            .build())
                    .status())
        .toList();
  }

  private static void assertAccepted(Tokens of) {
    assertThat(answers(of)).containsExactly(200, 200);
  }

  private static void assertRejected(Tokens of) {
    assertThat(answers(of)).containsExactly(401, 401);
  }

  @Test
  void logout() {
    flow().logout(tokens.requireRefreshToken());

    assertRejected(tokens);
    assertAccepted(elsewhere);
    assertAccepted(bystander);
  }

  @Test
  void revocationOfARefreshToken() {
    flow().revoke(tokens.requireRefreshToken());

    assertRejected(tokens);
    assertAccepted(elsewhere);
    assertAccepted(bystander);
  }

  @Test
  void revocationOfAnAccessToken() {
    flow().revoke(tokens.accessToken());

    assertRejected(tokens);
    assertAccepted(elsewhere);
    assertAccepted(bystander);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27342")
  @Test
  void logoutOfAllUsers() {
    admin().post("/realms/" + Realm.NAME + "/logout-all", "");

    assertRejected(tokens);
    assertRejected(elsewhere);
    assertRejected(bystander);
    // a login within the second of the cut-off is refused too
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertAccepted(flow().login(email, TestProduct.PASSWORD)));
  }

  @Test
  void anAccountIsDisabled() {
    admin().put(user(), "{\"enabled\":false}");

    assertRejected(tokens);
    assertRejected(elsewhere);
    assertAccepted(bystander);
  }

  @Test
  void anAdministratorDeletesAnAccount() {
    admin().delete(user());

    assertRejected(tokens);
    assertRejected(elsewhere);
    assertAccepted(bystander);
  }

  @Test
  void aUserDeletesTheirAccount() {
    var page = flow().with("kc_action", "delete_account").begin(signedIn()).loginPage();
    withPasswordAgain(page).submit("kc-deleteaccount-form", Map.of());

    assertThatThrownBy(() -> flow().refresh(elsewhere.requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
    assertRejected(tokens);
    assertRejected(elsewhere);
    assertAccepted(bystander);
  }

  @Test
  void aUserChangesTheirPassword_ownSessionStays() {
    var browser = flow().newBrowser();
    var attempt = flow().begin(browser);
    var here = attempt.finish(withPassword(attempt.loginPage()));
    assertAccepted(here);

    var change = flow().with("kc_action", "UPDATE_PASSWORD").begin(browser);
    var after = change.finish(newPassword(withPasswordAgain(change.loginPage())));

    assertRejected(tokens);
    assertRejected(elsewhere);
    assertThat(claim(after, "sid")).isEqualTo(claim(here, "sid"));
    assertAccepted(here);
    assertAccepted(after);
    assertAccepted(bystander);
  }

  @Test
  void anAdministratorSetsAPassword() {
    admin()
        .put(
            user() + "/reset-password",
            "{\"type\":\"password\",\"value\":\"%s\",\"temporary\":false}".formatted(NEW_PASSWORD));

    assertRejected(tokens);
    assertRejected(elsewhere);
    assertAccepted(bystander);
  }

  @Test
  void aPasswordIsResetByMail_newSessionStays() {
    var browser = flow().newBrowser();
    var attempt = flow().begin(browser);
    attempt
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", email));
    var fresh = attempt.finish(newPassword(browser.open(linkForANewPassword())));

    assertRejected(tokens);
    assertRejected(elsewhere);
    assertAccepted(fresh);
    assertAccepted(bystander);
  }

  @Test
  void refreshTokenReusedAfterGraceWindow_newestTokensEnd() {
    var newest = flow().refresh(tokens.requireRefreshToken());
    assertAccepted(newest);

    // within the grace window, a reuse returns the successor
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> flow().refresh(tokens.requireRefreshToken()))
                    .isInstanceOf(OAuthException.class));

    assertRejected(newest);
    assertRejected(tokens);
    assertAccepted(elsewhere);
    assertAccepted(bystander);
  }

  /** Returns the link of the mail for the new password, among other mails to the user. */
  private URI linkForANewPassword() {
    return await()
        .atMost(LONG)
        .until(
            () ->
                TestServers.mail().mailbox().to(email).stream()
                    .filter(mail -> mail.subject().equals("Choose a new password"))
                    .findFirst()
                    .orElse(null),
            Objects::nonNull)
        .link();
  }

  private BrowserSession signedIn() {
    var browser = flow().newBrowser();
    var attempt = flow().begin(browser);
    attempt.finish(withPassword(attempt.loginPage()));
    return browser;
  }

  private Page withPassword(Page page) {
    return page.submit(
        "kc-form-login", Map.of("username", email, "password", TestProduct.PASSWORD));
  }

  /** Enters the password if Keycloak asks for it again before a sensitive action. */
  private static Page withPasswordAgain(Page page) {
    return page.hasForm("kc-form-login")
        ? page.submit("kc-form-login", Map.of("password", TestProduct.PASSWORD))
        : page;
  }

  private static Page newPassword(Page page) {
    return page.submit(
        "kc-passwd-update-form",
        Map.of("password-new", NEW_PASSWORD, "password-confirm", NEW_PASSWORD));
  }
}
