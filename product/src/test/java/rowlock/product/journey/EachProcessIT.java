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
import java.util.Optional;
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
 * Whatever ends a session in Keycloak: when the action has been answered, the very next call with a
 * token of it is refused, at each of two processes of task-api. Only one of them is told; they
 * share nothing but the database.
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
    keycloak = TestServers.keycloak(TestProduct.keycloaks());
    processes = TaskApiProcess.start(TestProduct.apiSettings(keycloak, TestServers.postgres()), 2);
    TaskApiProcess told = processes.get(0);
    TestProduct.sendEventsTo(
        keycloak, told.api("/events").toString(), told.api("/.well-known/jwks.json"));
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
    isLetIn(tokens);
    isLetIn(elsewhere);
    isLetIn(bystander);
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
    byte[] claims = Base64.getUrlDecoder().decode(of.accessToken().split("\\.")[1]);
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

  private static void isLetIn(Tokens of) {
    assertThat(answers(of)).containsExactly(200, 200);
  }

  private static void isCutOff(Tokens of) {
    assertThat(answers(of)).containsExactly(401, 401);
  }

  @Test
  void logout() {
    flow().logout(tokens.requireRefreshToken());

    isCutOff(tokens);
    isLetIn(elsewhere);
    isLetIn(bystander);
  }

  @Test
  void revocationOfARefreshToken() {
    flow().revoke(tokens.requireRefreshToken());

    isCutOff(tokens);
    isLetIn(elsewhere);
    isLetIn(bystander);
  }

  @Test
  void revocationOfAnAccessToken() {
    flow().revoke(tokens.accessToken());

    isCutOff(tokens);
    isLetIn(elsewhere);
    isLetIn(bystander);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/27342")
  @Test
  void logoutOfEverybody() {
    admin().post("/realms/" + Realm.NAME + "/logout-all", "");

    isCutOff(tokens);
    isCutOff(elsewhere);
    isCutOff(bystander);
    // a login of the very second of the cut is cut off too
    await().atMost(LONG).untilAsserted(() -> isLetIn(flow().login(email, TestProduct.PASSWORD)));
  }

  @Test
  void anAccountIsDisabled() {
    admin().put(user(), "{\"enabled\":false}");

    isCutOff(tokens);
    isCutOff(elsewhere);
    isLetIn(bystander);
  }

  @Test
  void anAdministratorDeletesAnAccount() {
    admin().delete(user());

    isCutOff(tokens);
    isCutOff(elsewhere);
    isLetIn(bystander);
  }

  @Test
  void aPersonDeletesTheirAccount() {
    Page page = flow().with("kc_action", "delete_account").begin(signedIn()).loginPage();
    withPasswordAgain(page).submit("kc-deleteaccount-form", Map.of());

    assertThatThrownBy(() -> flow().refresh(elsewhere.requireRefreshToken()))
        .isInstanceOf(OAuthException.class);
    isCutOff(tokens);
    isCutOff(elsewhere);
    isLetIn(bystander);
  }

  @Test
  void aPersonChangesTheirPassword_andKeepsTheSessionThatDidIt() {
    BrowserSession browser = flow().newBrowser();
    AuthorizationCodeFlow.Attempt attempt = flow().begin(browser);
    Tokens here = attempt.finish(withPassword(attempt.loginPage()));
    isLetIn(here);

    AuthorizationCodeFlow.Attempt change =
        flow().with("kc_action", "UPDATE_PASSWORD").begin(browser);
    Tokens after = change.finish(newPassword(withPasswordAgain(change.loginPage())));

    isCutOff(tokens);
    isCutOff(elsewhere);
    assertThat(claim(after, "sid")).isEqualTo(claim(here, "sid"));
    isLetIn(here);
    isLetIn(after);
    isLetIn(bystander);
  }

  @Test
  void anAdministratorSetsAPassword() {
    admin()
        .put(
            user() + "/reset-password",
            "{\"type\":\"password\",\"value\":\"%s\",\"temporary\":false}".formatted(NEW_PASSWORD));

    isCutOff(tokens);
    isCutOff(elsewhere);
    isLetIn(bystander);
  }

  @Test
  void aPasswordIsResetByMail_andTheFreshSessionStays() {
    BrowserSession browser = flow().newBrowser();
    AuthorizationCodeFlow.Attempt attempt = flow().begin(browser);
    attempt
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", email));
    Tokens fresh = attempt.finish(newPassword(browser.open(linkForANewPassword())));

    isCutOff(tokens);
    isCutOff(elsewhere);
    isLetIn(fresh);
    isLetIn(bystander);
  }

  @Test
  void aRefreshTokenComesBackLate_andTheNewestTokensEndToo() {
    Tokens newest = flow().refresh(tokens.requireRefreshToken());
    isLetIn(newest);

    // as long as the grace lasts it is a second tab
    await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> flow().refresh(tokens.requireRefreshToken()))
                    .isInstanceOf(OAuthException.class));

    isCutOff(newest);
    isCutOff(tokens);
    isLetIn(elsewhere);
    isLetIn(bystander);
  }

  /** There are other mails too: of the registration, of sign-ins with a new browser. */
  private URI linkForANewPassword() {
    return await()
        .atMost(LONG)
        .until(
            () ->
                TestServers.mail().mailbox().to(email).stream()
                    .filter(mail -> mail.subject().equals("Choose a new password"))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow()
        .link();
  }

  private BrowserSession signedIn() {
    BrowserSession browser = flow().newBrowser();
    AuthorizationCodeFlow.Attempt attempt = flow().begin(browser);
    attempt.finish(withPassword(attempt.loginPage()));
    return browser;
  }

  private Page withPassword(Page page) {
    return page.submit(
        "kc-form-login", Map.of("username", email, "password", TestProduct.PASSWORD));
  }

  /** Before what is delicate Keycloak asks again, of whom it knows already. */
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
