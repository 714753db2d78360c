/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.login.GuessingRealm.PASSWORD;
import static rowlock.keycloak.login.GuessingRealm.newAddress;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.login.Page;
import rowlock.local.mail.Mail;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Guesses on the login page and at the endpoints of the protocol. */
class GuessingIT {
  private static final int PER_ADDRESS = 8;
  private static final int PER_ACCOUNT = 4;
  private static final int PER_BROWSER = 3;
  private static final String NEW_PASSWORD = "another-lantern-on-the-mole";

  private static GuessingRealm realm;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
  }

  @Test
  void address_afterMaxFailuresOverAllAccounts_mustWait() {
    var ip = newIp();
    var user = realm.user();
    exhaust(ip);

    var refused = realm.signIn(ip, user, PASSWORD);

    assertRefused(refused, "Too many failed attempts. Wait");
    assertThat(refused.hasForm("kc-form-login")).isTrue();
    assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNotNull();
  }

  @Test
  void ipv6Network_countsAsOneAddress() {
    var network = "2001:db8:%x:%x:".formatted(random(), random());
    for (var failure = 0; failure < PER_ADDRESS; failure++) {
      assertThat(realm.signIn(network + ":" + failure, newAddress(), "wrong").status())
          .isEqualTo(200);
    }

    assertThat(realm.signIn(network + "9:8:7:6", newAddress(), "wrong").status()).isEqualTo(429);
  }

  @Test
  void correctPasswords_afterFailures_stayAllowedAndResetNothing() {
    var office = newIp();
    var users = List.of(realm.user(), realm.user());
    for (var login = 0; login < 3 * PER_ADDRESS; login++) {
      assertThat(realm.signIn(office, users.get(login % 2), PASSWORD).callback()).isNotNull();
    }

    var evaluated = 0;
    for (var guess = 0; guess < 2 * PER_ADDRESS; guess++) {
      evaluated += realm.signIn(office, newAddress(), "wrong").status() == 200 ? 1 : 0;
      realm.signIn(office, users.get(0), PASSWORD);
    }

    assertThat(evaluated).isEqualTo(PER_ADDRESS);
  }

  @Test
  void name_knownOrUnknown_isLimitedOverAllAddresses() {
    for (var name : List.of(realm.user(), newAddress())) {
      for (var guess = 0; guess < PER_ACCOUNT; guess++) {
        assertThat(realm.signIn(newIp(), name.toUpperCase(), "wrong").status()).isEqualTo(200);
      }

      assertRefused(realm.signIn(newIp(), " " + name, PASSWORD), "Too many failed attempts.");
      assertThat(realm.directGrant(newIp(), name, PASSWORD).statusCode()).isEqualTo(429);
    }
  }

  /** The server removes all of these (String.trim). */
  @FieldReport("https://github.com/AlfrescoArchive/alfresco-repository/pull/51")
  @Test
  void spellings_ofOneName_shareABudget() {
    for (var name : List.of(realm.user(), newAddress())) {
      for (var spelling :
          List.of("\u0001" + name, name + "\u001f", "\u000b" + name.toUpperCase(), "\t" + name)) {
        assertThat(realm.signIn(newIp(), spelling, "wrong").status()).isEqualTo(200);
      }

      assertThat(realm.signIn(newIp(), "\u0002" + name, PASSWORD).status()).isEqualTo(429);
      assertThat(realm.signIn(newIp(), name, PASSWORD).status()).isEqualTo(429);
    }
  }

  /** The Kelvin sign becomes the letter k in lower case. */
  @FieldReport("https://github.com/AlfrescoArchive/alfresco-repository/pull/51")
  @Test
  void lettersEqualInLowerCase_shareABudget() {
    var name = "keel-" + UUID.randomUUID() + "@example.org";
    realm.user(UUID.randomUUID().toString(), name, Map.of());
    var spelling = "\u212a" + name.substring(1);
    assertThat(realm.signIn(newIp(), spelling, PASSWORD).callback()).isNotNull();

    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(realm.signIn(newIp(), spelling, "wrong").status()).isEqualTo(200);
    }

    assertThat(realm.signIn(newIp(), name, PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void resetRequests_spellingsOfOneName_shareABudget() {
    for (var name : List.of(realm.user(), newAddress())) {
      assertThat(reset(newIp(), "\u0001" + name).status()).isEqualTo(200);
      assertThat(reset(newIp(), name.toUpperCase()).status()).isEqualTo(200);

      assertThat(reset(newIp(), "\u0002" + name + "\u001f").status()).isEqualTo(429);
    }
  }

  @Test
  void formWithoutName_countsForNoAccount() {
    for (var guess = 0; guess <= PER_ACCOUNT; guess++) {
      assertThat(realm.signIn(newIp(), "", "wrong").status()).isEqualTo(200);
      assertThat(reset(newIp(), " ").status()).isEqualTo(200);
    }
  }

  @Test
  void correctPasswords_doNotUseTheBudget() {
    var user = realm.user();

    for (var login = 0; login < 3 * PER_ACCOUNT; login++) {
      assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNotNull();
      var grant = realm.directGrant(newIp(), user, PASSWORD);
      assertThat(grant.statusCode()).as(grant.body()).isEqualTo(200);
    }
  }

  @Test
  void concurrentAttempts_getExactlyTheLimit() throws Exception {
    var name = newAddress();
    var forms = new ArrayList<Callable<Page>>();
    for (var guess = 0; guess < 40; guess++) {
      var form = realm.flow().begin(realm.browserAt(newIp())).loginPage();
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
  void knownBrowser_guessesOfStrangers_doNotLockOut() {
    var user = realm.user();
    var own = realm.browserAt(newIp());
    assertThat(realm.signIn(own, user, PASSWORD).callback()).isNotNull();
    realm.lockByTheServerItself(user);
    for (var guess = 2; guess < PER_ACCOUNT; guess++) {
      realm.signIn(newIp(), user, "wrong");
    }
    assertThat(realm.signIn(newIp(), user, PASSWORD).status()).isEqualTo(429);
    signOut(user);

    assertThat(realm.signIn(own, user, PASSWORD).callback()).isNotNull();
  }

  @Test
  void knownBrowser_ownBudget_doesNotLockElsewhere() {
    var user = realm.user();
    var ip = newIp();
    var own = realm.browserAt(ip);
    realm.signIn(own, user, PASSWORD);
    signOut(user);
    for (var guess = 0; guess < PER_BROWSER; guess++) {
      assertThat(realm.signIn(own, user, "wrong").status()).isEqualTo(200);
    }

    assertRefused(realm.signIn(own, user, PASSWORD), "Too many failed attempts.");
    assertThat(realm.signIn(ip, user, PASSWORD).callback()).isNotNull();
  }

  @Test
  void knownBrowser_isKnownToOneAccountOnly() {
    var attacker = realm.user();
    var browser = realm.browserAt(newIp());
    realm.signIn(browser, attacker, PASSWORD);
    signOut(attacker);
    var victim = realm.user();
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(realm.signIn(browser, victim, "wrong").status()).isEqualTo(200);
    }

    assertThat(realm.signIn(browser, victim, PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void tokenEndpoint_limited_answersOauthErrorAndRefreshes() {
    var ip = newIp();
    var user = realm.user();
    var tokens = realm.directGrant(ip, user, PASSWORD);
    for (var guess = 0; guess < PER_ADDRESS; guess++) {
      assertThat(realm.directGrant(ip, newAddress(), "wrong").statusCode()).isEqualTo(400);
    }

    var refused = realm.directGrant(ip, user, PASSWORD);

    assertRefused(refused);
    var refresh = json(tokens).path("refresh_token").asString();
    assertThat(
            realm
                .post(
                    "token",
                    ip,
                    Map.of(
                        "grant_type",
                        "refresh_token",
                        "client_id",
                        "limited-app",
                        "refresh_token",
                        refresh))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void clientSecret_guesses_areLimitedAtEveryEndpoint() {
    for (var endpoint : List.of("token", "token/introspect", "revoke")) {
      var ip = newIp();
      for (var guess = 0; guess < PER_ADDRESS; guess++) {
        assertThat(withSecret(endpoint, ip, "wrong").statusCode()).as(endpoint).isEqualTo(401);
      }

      assertRefused(withSecret(endpoint, ip, "a-long-secret-of-the-service"));
      assertThat(withSecret(endpoint, newIp(), "a-long-secret-of-the-service").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void deviceUserCode_guesses_areLimited() {
    var ip = newIp();
    var browser = realm.browserAt(ip);
    for (var guess = 0; guess < PER_ADDRESS; guess++) {
      assertThat(browser.open(device("AAAA-AAA" + (char) ('A' + guess))).status()).isEqualTo(200);
    }

    var refused = browser.open(device("AAAA-AAAZ"));

    assertRefused(refused, "Too many failed attempts.");
    assertThat(realm.signIn(ip, realm.user(), PASSWORD).callback()).isNotNull();
  }

  @Test
  void resetRequests_areLimitedPerNameAndAddress() {
    for (var name : List.of(realm.user(), newAddress())) {
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
  void newPasswordByMail_resetsAttemptsOfTheName() {
    var user = realm.user();
    exhaustName(user);
    assertThat(realm.signIn(newIp(), user, PASSWORD).status()).isEqualTo(429);

    reset(newIp(), user);
    var changed = chooseNewPassword(TestServers.mail().mailbox().await(user).link());

    assertThat(changed.hasForm("kc-passwd-update-form")).as(changed.text()).isFalse();
    assertThat(realm.signIn(newIp(), user, NEW_PASSWORD).callback()).isNotNull();
    assertThat(realm.directGrant(newIp(), user, NEW_PASSWORD).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/reset-password", ""})
  void newPasswordByAdmin_resetsAttemptsOfTheName(String path) {
    var user = realm.user();
    exhaustName(user);
    var password = "{\"type\":\"password\",\"value\":\"" + NEW_PASSWORD + "\"}";

    realm
        .admin()
        .put(
            "/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user) + path,
            path.isEmpty() ? "{\"credentials\":[" + password + "]}" : password);

    assertThat(realm.signIn(newIp(), user, NEW_PASSWORD).callback()).isNotNull();
  }

  @Test
  void otherChangeByAdmin_doesNotResetAttempts() {
    var user = realm.user();
    exhaustName(user);

    realm
        .admin()
        .put(
            "/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user),
            "{\"emailVerified\":false}");

    assertThat(realm.signIn(newIp(), user, PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void newPassword_doesNotResetFailuresOfTheAddress() {
    var ip = newIp();
    var user = realm.user();
    exhaust(ip);

    reset(ip, user);
    var changed =
        chooseNewPassword(
            realm.browserAt(ip).open(TestServers.mail().mailbox().await(user).link()));

    assertThat(changed.hasForm("kc-passwd-update-form")).as(changed.text()).isFalse();
    assertThat(realm.signIn(ip, user, NEW_PASSWORD).status()).isEqualTo(429);
    assertThat(realm.signIn(newIp(), user, NEW_PASSWORD).callback()).isNotNull();
  }

  /** The password is unchanged, so each reset gives an attacker as many further attempts. */
  @Test
  void confirmedAddress_resetsAttemptsThreeTimesAnHour() {
    var user = realm.user();
    for (var proof = 1; proof <= 4; proof++) {
      realm
          .admin()
          .put(
              "/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user),
              "{\"emailVerified\":false,\"requiredActions\":[\"VERIFY_EMAIL\"]}");
      var browser = realm.browserAt(newIp());
      var waiting = realm.signIn(browser, user, PASSWORD);
      var link = confirmation(user, proof);
      exhaustName(user);
      assertThat(realm.signIn(newIp(), user, PASSWORD).status()).isEqualTo(429);

      waiting.openMail(link);

      assertThat(realm.signIn(newIp(), user, PASSWORD).callback() != null)
          .as("proof " + proof)
          .isEqualTo(proof < 4);
    }
  }

  /** The server itself has counted no failures there, and so reports no event. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void administrator_unlocks_alsoInAKnownBrowser(boolean all) {
    var user = realm.user();
    var own = realm.browserAt(newIp());
    realm.signIn(own, user, PASSWORD);
    signOut(user);
    for (var guess = 0; guess < PER_BROWSER; guess++) {
      realm.signIn(own, user, "wrong");
    }
    assertThat(realm.signIn(own, user, PASSWORD).status()).isEqualTo(429);

    realm
        .admin()
        .delete(
            "/realms/"
                + GuessingRealm.REALM
                + "/attack-detection/brute-force/users"
                + (all ? "" : "/" + realm.idOf(user)));

    assertThat(realm.signIn(own, user, PASSWORD).callback()).isNotNull();
  }

  @Test
  void administrator_unlocks_nameAndResetRequests() {
    var user = realm.user();
    exhaustName(user);
    reset(newIp(), user);
    reset(newIp(), user);
    assertThat(reset(newIp(), user).status()).isEqualTo(429);

    realm
        .admin()
        .delete(
            "/realms/"
                + GuessingRealm.REALM
                + "/attack-detection/brute-force/users/"
                + realm.idOf(user));

    assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNotNull();
    assertThat(reset(newIp(), user).status()).isEqualTo(200);
  }

  /** The server sends one with each login, and correct passwords are not limited. */
  @Test
  void confirmationMails_areLimitedToFiveAnHour() {
    var name = realm.user();
    realm
        .admin()
        .put(
            "/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(name),
            """
            {"username":"%1$s","email":"%1$s","firstName":"Ann","lastName":"Example","enabled":true,
             "emailVerified":false,"requiredActions":["VERIFY_EMAIL"]}
            """
                .formatted(name));
    var before = realm.metric("rowlock_mail_refused_total", "kind=\"verify-email\"");

    for (var login = 0; login < 8; login++) {
      assertThat(realm.signIn(newIp(), name, PASSWORD).text()).contains("verify your email");
    }

    await().until(() -> TestServers.mail().mailbox().to(name).size() >= 5);
    assertThat(TestServers.mail().mailbox().to(name)).hasSize(5);
    assertThat(realm.metric("rowlock_mail_refused_total", "kind=\"verify-email\""))
        .isEqualTo(before + 3);
  }

  @Test
  void refusals_areLoggedAndCountedByCause() {
    var before = realm.metric("rowlock_guess_refused_total", "cause=\"address\"");
    var ip = newIp();
    exhaust(ip);

    realm.signIn(ip, newAddress(), "wrong");

    assertThat(realm.metric("rowlock_guess_refused_total", "cause=\"address\""))
        .isEqualTo(before + 1);
    await()
        .untilAsserted(
            () ->
                assertThat(realm.log().lines())
                    .anyMatch(
                        line ->
                            line.contains("\"ip\":\"" + ip)
                                && line.contains("\"reason\":\"too_many_tries\"")
                                && line.contains("\"guess_budget\":\"address\"")));
  }

  private static void exhaust(String ip) {
    for (var failure = 0; failure < PER_ADDRESS; failure++) {
      var page = realm.signIn(ip, newAddress(), "wrong");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.text()).contains("Invalid username or password.");
    }
  }

  private static void exhaustName(String name) {
    for (var guess = 0; guess < PER_ACCOUNT; guess++) {
      assertThat(realm.signIn(newIp(), name, "wrong").status()).isEqualTo(200);
    }
  }

  /**
   * Returns the link of the confirmation mail with that number; there are mails about new browsers
   * as well.
   */
  private static URI confirmation(String user, int number) {
    Supplier<List<URI>> links =
        () ->
            TestServers.mail().mailbox().to(user).stream()
                .map(Mail::link)
                .filter(link -> link.toString().contains("action-token"))
                .toList();
    await().until(() -> links.get().size() >= number);
    return links.get().get(number - 1);
  }

  private static Page chooseNewPassword(URI link) {
    return chooseNewPassword(realm.browserAt(newIp()).open(link));
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

  private static void signOut(String user) {
    realm
        .admin()
        .post("/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user) + "/logout", "");
  }

  private static Page reset(String ip, String name) {
    return realm
        .flow()
        .begin(realm.browserAt(ip))
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", name));
  }

  private static URI device(String code) {
    return URI.create(realm.issuer() + "/device?user_code=" + code);
  }

  private static HttpResponse<String> withSecret(String endpoint, String ip, String secret) {
    return realm.post(
        endpoint,
        ip,
        Map.of(
            "grant_type",
            "client_credentials",
            "client_id",
            "service",
            "client_secret",
            secret,
            "token",
            UUID.randomUUID().toString()));
  }

  private static void assertRefused(Page page, String text) {
    assertThat(page.status()).as(page.text()).isEqualTo(429);
    assertThat(page.text()).contains(text);
    assertThat(Long.parseLong(Objects.requireNonNull(page.header("Retry-After"))))
        .isBetween(1L, 3600L);
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
