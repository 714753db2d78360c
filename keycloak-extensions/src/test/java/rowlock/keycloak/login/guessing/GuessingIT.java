/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.login.Harbour.PASSWORD;
import static rowlock.keycloak.login.Harbour.newAddress;
import static rowlock.keycloak.login.Harbour.newIp;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.login.Harbour;
import rowlock.local.login.Page;
import rowlock.local.mail.Mail;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who guesses, on the login page and at the endpoints of the protocol. */
class GuessingIT {
  private static final int PER_ADDRESS = 8;
  private static final int PER_ACCOUNT = 4;
  private static final int PER_BROWSER = 3;
  private static final String NEW_PASSWORD = "another-lantern-on-the-mole";

  private static Harbour harbour;

  @BeforeAll
  static void start() {
    harbour = Harbour.shared();
  }

  @Test
  void anAddressMayFailSoOftenOverAllAccountsAndIsThenToldToWait() {
    var ip = newIp();
    var person = harbour.person();
    exhaust(ip);

    var refused = harbour.signIn(ip, person, PASSWORD);

    assertRefused(refused, "Too many tries have failed. Wait");
    assertThat(refused.hasForm("kc-form-login")).isTrue();
    assertThat(harbour.signIn(newIp(), person, PASSWORD).callback()).isPresent();
  }

  @Test
  void anIpv6NetworkIsOneAddress() {
    var network = "2001:db8:%x:%x:".formatted(random(), random());
    for (var failure = 0; failure < PER_ADDRESS; failure++) {
      assertThat(harbour.signIn(network + ":" + failure, newAddress(), "wrong").status())
          .isEqualTo(200);
    }

    assertThat(harbour.signIn(network + "9:8:7:6", newAddress(), "wrong").status()).isEqualTo(429);
  }

  @Test
  void successesOfABigOfficeGoOnAndBuyAGuesserNothing() {
    var office = newIp();
    var people = List.of(harbour.person(), harbour.person());
    for (var login = 0; login < 3 * PER_ADDRESS; login++) {
      assertThat(harbour.signIn(office, people.get(login % 2), PASSWORD).callback()).isPresent();
    }

    var evaluated = 0;
    for (var guess = 0; guess < 2 * PER_ADDRESS; guess++) {
      evaluated += harbour.signIn(office, newAddress(), "wrong").status() == 200 ? 1 : 0;
      harbour.signIn(office, people.get(0), PASSWORD);
    }

    assertThat(evaluated).isEqualTo(PER_ADDRESS);
  }

  @Test
  void aNameMayBeTriedSoOftenFromAllAddressesWhetherThereIsSuchAnAccountOrNot() {
    for (var name : List.of(harbour.person(), newAddress())) {
      for (var guess = 0; guess < PER_ACCOUNT; guess++) {
        assertThat(harbour.signIn(newIp(), name.toUpperCase(), "wrong").status()).isEqualTo(200);
      }

      assertRefused(harbour.signIn(newIp(), " " + name, PASSWORD), "Too many tries have failed.");
      assertThat(harbour.directGrant(newIp(), name, PASSWORD).statusCode()).isEqualTo(429);
    }
  }

  /** The server removes all of these (String.trim). */
  @FieldReport("https://github.com/AlfrescoArchive/alfresco-repository/pull/51")
  @Test
  void spellingsThatTheServerTakesForOneNameHaveOneBudget() {
    for (var name : List.of(harbour.person(), newAddress())) {
      for (var spelling :
          List.of("\u0001" + name, name + "\u001f", "\u000b" + name.toUpperCase(), "\t" + name)) {
        assertThat(harbour.signIn(newIp(), spelling, "wrong").status()).isEqualTo(200);
      }

      assertThat(harbour.signIn(newIp(), "\u0002" + name, PASSWORD).status()).isEqualTo(429);
      assertThat(harbour.signIn(newIp(), name, PASSWORD).status()).isEqualTo(429);
    }
  }

  /** The Kelvin sign becomes the letter k in lower case. */
  @FieldReport("https://github.com/AlfrescoArchive/alfresco-repository/pull/51")
  @Test
  void lettersThatAreOneInLowerCaseHaveOneBudget() {
    var name = "keel-" + UUID.randomUUID() + "@example.org";
    harbour.person(UUID.randomUUID().toString(), name, Map.of());
    var spelling = "\u212a" + name.substring(1);
    assertThat(harbour.signIn(newIp(), spelling, PASSWORD).callback()).isPresent();

    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(harbour.signIn(newIp(), spelling, "wrong").status()).isEqualTo(200);
    }

    assertThat(harbour.signIn(newIp(), name, PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void spellingsOfOneNameHaveOneBudgetOfRequestsForANewPassword() {
    for (var name : List.of(harbour.person(), newAddress())) {
      assertThat(reset(newIp(), "\u0001" + name).status()).isEqualTo(200);
      assertThat(reset(newIp(), name.toUpperCase()).status()).isEqualTo(200);

      assertThat(reset(newIp(), "\u0002" + name + "\u001f").status()).isEqualTo(429);
    }
  }

  @Test
  void aFormWithoutANameCountsForNoAccount() {
    for (var guess = 0; guess <= PER_ACCOUNT; guess++) {
      assertThat(harbour.signIn(newIp(), "", "wrong").status()).isEqualTo(200);
      assertThat(reset(newIp(), " ").status()).isEqualTo(200);
    }
  }

  @Test
  void rightPasswordsDoNotUseUpTheNamesBudget() {
    var person = harbour.person();

    for (var login = 0; login < 3 * PER_ACCOUNT; login++) {
      assertThat(harbour.signIn(newIp(), person, PASSWORD).callback()).isPresent();
      var grant = harbour.directGrant(newIp(), person, PASSWORD);
      assertThat(grant.statusCode()).as(grant.body()).isEqualTo(200);
    }
  }

  @Test
  void manyTriesOfANameAtOnceGetExactlyTheLimit() throws Exception {
    var name = newAddress();
    var forms = new ArrayList<Callable<Page>>();
    for (var guess = 0; guess < 40; guess++) {
      var form = harbour.flow().begin(harbour.browserAt(newIp())).loginPage();
      forms.add(() -> form.submit("kc-form-login", Map.of("username", name, "password", "wrong")));
    }

    var evaluated = 0;
    try (var threads = Executors.newFixedThreadPool(forms.size())) {
      for (var answer : threads.invokeAll(forms)) {
        evaluated += answer.get().status() == 200 ? 1 : 0;
      }
    }

    assertThat(evaluated).isEqualTo(PER_ACCOUNT);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/26172")
  @Test
  void strangersDoNotLockAPersonOutOfABrowserOfTheirOwn() {
    var person = harbour.person();
    var own = harbour.browserAt(newIp());
    assertThat(harbour.signIn(own, person, PASSWORD).callback()).isPresent();
    harbour.lockByTheServerItself(person);
    for (var guess = 2; guess < PER_ACCOUNT; guess++) {
      harbour.signIn(newIp(), person, "wrong");
    }
    assertThat(harbour.signIn(newIp(), person, PASSWORD).status()).isEqualTo(429);
    signOut(person);

    assertThat(harbour.signIn(own, person, PASSWORD).callback()).isPresent();
  }

  @Test
  void aKnownBrowserHasABudgetOfItsOwnThatLocksNobodyOutElsewhere() {
    var person = harbour.person();
    var ip = newIp();
    var own = harbour.browserAt(ip);
    harbour.signIn(own, person, PASSWORD);
    signOut(person);
    for (var guess = 0; guess < PER_BROWSER; guess++) {
      assertThat(harbour.signIn(own, person, "wrong").status()).isEqualTo(200);
    }

    assertRefused(harbour.signIn(own, person, PASSWORD), "Too many tries have failed.");
    assertThat(harbour.signIn(ip, person, PASSWORD).callback()).isPresent();
  }

  @Test
  void aBrowserIsKnownToItsOwnerOnly() {
    var attacker = harbour.person();
    var browser = harbour.browserAt(newIp());
    harbour.signIn(browser, attacker, PASSWORD);
    signOut(attacker);
    var victim = harbour.person();
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(harbour.signIn(browser, victim, "wrong").status()).isEqualTo(200);
    }

    assertThat(harbour.signIn(browser, victim, PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void theTokenEndpointRefusesWithAnOauthErrorAndLetsRefreshesGoOn() {
    var ip = newIp();
    var person = harbour.person();
    var tokens = harbour.directGrant(ip, person, PASSWORD);
    for (var guess = 0; guess < PER_ADDRESS; guess++) {
      assertThat(harbour.directGrant(ip, newAddress(), "wrong").statusCode()).isEqualTo(400);
    }

    var refused = harbour.directGrant(ip, person, PASSWORD);

    assertRefused(refused);
    var refresh = json(tokens).path("refresh_token").asString();
    assertThat(
            harbour
                .post(
                    "token",
                    ip,
                    Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        "gull",
                        "refresh_token",
                        refresh))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aClientsSecretCannotBeGuessedForLongAtAnyEndpoint() {
    for (var endpoint : List.of("token", "token/introspect", "revoke")) {
      var ip = newIp();
      for (var guess = 0; guess < PER_ADDRESS; guess++) {
        assertThat(withSecret(endpoint, ip, "wrong").statusCode()).as(endpoint).isEqualTo(401);
      }

      assertRefused(withSecret(endpoint, ip, "a-long-secret-of-the-vault"));
      assertThat(withSecret(endpoint, newIp(), "a-long-secret-of-the-vault").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void theShortCodeOfADeviceCannotBeGuessedForLong() {
    var ip = newIp();
    var browser = harbour.browserAt(ip);
    for (var guess = 0; guess < PER_ADDRESS; guess++) {
      assertThat(browser.open(device("AAAA-AAA" + (char) ('A' + guess))).status()).isEqualTo(200);
    }

    var refused = browser.open(device("AAAA-AAAZ"));

    assertRefused(refused, "Too many tries have failed.");
    assertThat(harbour.signIn(ip, harbour.person(), PASSWORD).callback()).isPresent();
  }

  @Test
  void requestsForANewPasswordAreLimitedForEachNameAndAddressAlike() {
    for (var name : List.of(harbour.person(), newAddress())) {
      assertThat(reset(newIp(), name).status()).isEqualTo(200);
      assertThat(reset(newIp(), name).status()).isEqualTo(200);

      assertRefused(reset(newIp(), name), "Too many requests for a new password.");
    }
    var ip = newIp();
    for (var request = 0; request < 5; request++) {
      assertThat(reset(ip, newAddress()).status()).isEqualTo(200);
    }
    assertThat(reset(ip, newAddress()).status()).isEqualTo(429);
  }

  @Test
  void newPasswordByMail_givesTheNameItsTriesBack() {
    var person = harbour.person();
    exhaustName(person);
    assertThat(harbour.signIn(newIp(), person, PASSWORD).status()).isEqualTo(429);

    reset(newIp(), person);
    var changed = chooseNewPassword(TestServers.mail().mailbox().await(person).link());

    assertThat(changed.hasForm("kc-passwd-update-form")).as(changed.text()).isFalse();
    assertThat(harbour.signIn(newIp(), person, NEW_PASSWORD).callback()).isPresent();
    assertThat(harbour.directGrant(newIp(), person, NEW_PASSWORD).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/reset-password", ""})
  void newPasswordByAnAdministrator_givesTheNameItsTriesBack(String path) {
    var person = harbour.person();
    exhaustName(person);
    var password = "{\"type\":\"password\",\"value\":\"" + NEW_PASSWORD + "\"}";

    harbour
        .admin()
        .put(
            "/realms/" + Harbour.REALM + "/users/" + harbour.idOf(person) + path,
            path.isEmpty() ? "{\"credentials\":[" + password + "]}" : password);

    assertThat(harbour.signIn(newIp(), person, NEW_PASSWORD).callback()).isPresent();
  }

  @Test
  void otherChangeByAnAdministrator_givesTheNameNothingBack() {
    var person = harbour.person();
    exhaustName(person);

    harbour
        .admin()
        .put(
            "/realms/" + Harbour.REALM + "/users/" + harbour.idOf(person),
            "{\"emailVerified\":false}");

    assertThat(harbour.signIn(newIp(), person, PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void newPassword_givesTheAddressNothingBack() {
    var ip = newIp();
    var person = harbour.person();
    exhaust(ip);

    reset(ip, person);
    var changed =
        chooseNewPassword(
            harbour.browserAt(ip).open(TestServers.mail().mailbox().await(person).link()));

    assertThat(changed.hasForm("kc-passwd-update-form")).as(changed.text()).isFalse();
    assertThat(harbour.signIn(ip, person, NEW_PASSWORD).status()).isEqualTo(429);
    assertThat(harbour.signIn(newIp(), person, NEW_PASSWORD).callback()).isPresent();
  }

  /** The password is the same, and each time gives a guesser as many tries. */
  @Test
  void confirmedAddress_givesTheNameItsTriesBackThreeTimesAnHour() {
    var person = harbour.person();
    for (var proof = 1; proof <= 4; proof++) {
      harbour
          .admin()
          .put(
              "/realms/" + Harbour.REALM + "/users/" + harbour.idOf(person),
              "{\"emailVerified\":false,\"requiredActions\":[\"VERIFY_EMAIL\"]}");
      var browser = harbour.browserAt(newIp());
      var waiting = harbour.signIn(browser, person, PASSWORD);
      var link = confirmation(person, proof);
      exhaustName(person);
      assertThat(harbour.signIn(newIp(), person, PASSWORD).status()).isEqualTo(429);

      waiting.openMail(link);

      assertThat(harbour.signIn(newIp(), person, PASSWORD).callback().isPresent())
          .as("proof " + proof)
          .isEqualTo(proof < 4);
    }
  }

  /** The server itself has counted no failures there, and so reports no event. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void administrator_unlocks_alsoInAKnownBrowser(boolean all) {
    var person = harbour.person();
    var own = harbour.browserAt(newIp());
    harbour.signIn(own, person, PASSWORD);
    signOut(person);
    for (var guess = 0; guess < PER_BROWSER; guess++) {
      harbour.signIn(own, person, "wrong");
    }
    assertThat(harbour.signIn(own, person, PASSWORD).status()).isEqualTo(429);

    harbour
        .admin()
        .delete(
            "/realms/"
                + Harbour.REALM
                + "/attack-detection/brute-force/users"
                + (all ? "" : "/" + harbour.idOf(person)));

    assertThat(harbour.signIn(own, person, PASSWORD).callback()).isPresent();
  }

  @Test
  void administrator_unlocks_theNameAndItsRequestsForANewPassword() {
    var person = harbour.person();
    exhaustName(person);
    reset(newIp(), person);
    reset(newIp(), person);
    assertThat(reset(newIp(), person).status()).isEqualTo(429);

    harbour
        .admin()
        .delete(
            "/realms/"
                + Harbour.REALM
                + "/attack-detection/brute-force/users/"
                + harbour.idOf(person));

    assertThat(harbour.signIn(newIp(), person, PASSWORD).callback()).isPresent();
    assertThat(reset(newIp(), person).status()).isEqualTo(200);
  }

  /** The server sends one with each login, and right passwords have no limit. */
  @Test
  void confirmationsOfAnAddressStopAtFiveAnHour() {
    var name = harbour.person();
    harbour
        .admin()
        .put(
            "/realms/" + Harbour.REALM + "/users/" + harbour.idOf(name),
            """
            {"username":"%1$s","email":"%1$s","firstName":"Ann","lastName":"Pilot","enabled":true,
             "emailVerified":false,"requiredActions":["VERIFY_EMAIL"]}
            """
                .formatted(name));
    var before = harbour.metric("rowlock_mail_refused_total", "kind=\"verify-email\"");

    for (var login = 0; login < 8; login++) {
      assertThat(harbour.signIn(newIp(), name, PASSWORD).text()).contains("verify your email");
    }

    await().until(() -> TestServers.mail().mailbox().to(name).size() >= 5);
    assertThat(TestServers.mail().mailbox().to(name)).hasSize(5);
    assertThat(harbour.metric("rowlock_mail_refused_total", "kind=\"verify-email\""))
        .isEqualTo(before + 3);
  }

  @Test
  void refusalsAreInTheSecurityLogAndCountedByCause() {
    var before = harbour.metric("rowlock_guess_refused_total", "cause=\"address\"");
    var ip = newIp();
    exhaust(ip);

    harbour.signIn(ip, newAddress(), "wrong");

    assertThat(harbour.metric("rowlock_guess_refused_total", "cause=\"address\""))
        .isEqualTo(before + 1);
    await()
        .untilAsserted(
            () ->
                assertThat(harbour.log().lines())
                    .anyMatch(
                        line ->
                            line.contains("\"ip\":\"" + ip)
                                && line.contains("\"reason\":\"too_many_tries\"")
                                && line.contains("\"guess_budget\":\"address\"")));
  }

  private static void exhaust(String ip) {
    for (var failure = 0; failure < PER_ADDRESS; failure++) {
      var page = harbour.signIn(ip, newAddress(), "wrong");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.text()).contains("Invalid username or password.");
    }
  }

  private static void exhaustName(String name) {
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(harbour.signIn(newIp(), name, "wrong").status()).isEqualTo(200);
    }
  }

  /** The link of the confirmation of that number; there are mails about new browsers as well. */
  private static URI confirmation(String person, int number) {
    Supplier<List<URI>> links =
        () ->
            TestServers.mail().mailbox().to(person).stream()
                .map(Mail::link)
                .filter(link -> link.toString().contains("action-token"))
                .toList();
    await().until(() -> links.get().size() >= number);
    return links.get().get(number - 1);
  }

  private static Page chooseNewPassword(URI link) {
    return chooseNewPassword(harbour.browserAt(newIp()).open(link));
  }

  private static Page chooseNewPassword(Page followed) {
    var page = followed;
    while (!page.hasForm("kc-passwd-update-form")) {
      page = page.follow("#kc-info-message a, .instruction a, a[href*=action-token]");
    }
    return page.submit(
        "kc-passwd-update-form",
        Map.of("password-new", NEW_PASSWORD, "password-confirm", NEW_PASSWORD));
  }

  private static void signOut(String person) {
    harbour
        .admin()
        .post("/realms/" + Harbour.REALM + "/users/" + harbour.idOf(person) + "/logout", "");
  }

  private static Page reset(String ip, String name) {
    return harbour
        .flow()
        .begin(harbour.browserAt(ip))
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", name));
  }

  private static URI device(String code) {
    return URI.create(harbour.issuer() + "/device?user_code=" + code);
  }

  private static HttpResponse<String> withSecret(String endpoint, String ip, String secret) {
    return harbour.post(
        endpoint,
        ip,
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            "vault",
            "client_secret",
            secret,
            "token",
            UUID.randomUUID().toString()));
  }

  private static void assertRefused(Page page, String text) {
    assertThat(page.status()).as(page.text()).isEqualTo(429);
    assertThat(page.text()).contains(text);
    assertThat(Long.parseLong(page.header("Retry-After").orElseThrow())).isBetween(1L, 3600L);
  }

  private static void assertRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(Long.parseLong(answer.headers().firstValue("Retry-After").orElseThrow()))
        .isBetween(1L, 3600L);
    assertThat(json(answer).path("error").asString()).isEqualTo("temporarily_unavailable");
    assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }

  private static int random() {
    return ThreadLocalRandom.current().nextInt(1, 0xffff);
  }
}
