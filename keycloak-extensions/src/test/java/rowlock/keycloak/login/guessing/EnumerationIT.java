/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.login.GuessingRealm.PASSWORD;
import static rowlock.keycloak.login.GuessingRealm.newAddress;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.login.Page;
import rowlock.local.testing.TestServers;

/**
 * The login and password reset pages do not reveal whether an account exists, neither by their
 * content nor by their response time.
 */
class EnumerationIT {
  private static final int PER_ACCOUNT = 4;
  private static final int ROUNDS = 18;

  private static GuessingRealm realm;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
    realm.costlyHashes(true);
  }

  @AfterAll
  static void stop() {
    realm.costlyHashes(false);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/17629")
  @Test
  void responses_knownAndUnknownNames_areIdentical() {
    var known = realm.user();
    var unknown = newAddress();
    for (var guess = 0; guess <= PER_ACCOUNT; guess++) {
      var one = realm.signIn(newIp(), known, "wrong");
      var other = realm.signIn(newIp(), unknown, "wrong");

      assertThat(one.status()).isEqualTo(other.status());
      assertThat(essence(one, known)).isEqualTo(essence(other, unknown));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error=x",
        "error=",
        "error=x&userHandle=",
        "error=%00&userHandle=",
        "authenticatorData=",
        "authenticatorData=&error=x",
        "authenticatorData=AA&clientDataJSON=AA&signature=AA&credentialId=AA&userHandle=AA",
        "authenticatorData=*&clientDataJSON=*&signature=*&credentialId=*&userHandle=*"
      })
  void passkeyAnswer_thatNamesAnAccount_isTheSameForAnUnknownName(String answer) {
    var known = realm.user();
    var unknown = newAddress();
    var status = answer.contains("%00") ? 400 : 200;
    for (var password : List.of("", "wrong")) {
      var one = passkeyAnswer(newIp(), known, password, answer);
      var other = passkeyAnswer(newIp(), unknown, password, answer);

      assertThat(one.status()).as(one.text()).isEqualTo(status);
      assertThat(other.status()).as(other.text()).isEqualTo(status);
      assertThat(essence(one, known)).isEqualTo(essence(other, unknown));
    }
  }

  @Test
  void passkeyResponse_afterWrongPassword_isSameForUnknownName() {
    var known = realm.user();
    var unknown = newAddress();
    var one = realm.signIn(newIp(), known, "wrong");
    var other = realm.signIn(newIp(), unknown, "wrong");
    for (var answer : List.of("error=x&userHandle=", "authenticatorData=&userHandle=")) {
      one = GuessLimitBypassIT.passkeyAnswer(one, answer);
      other = GuessLimitBypassIT.passkeyAnswer(other, answer);

      assertThat(one.status()).as(one.text()).isEqualTo(200);
      assertThat(essence(one, known)).isEqualTo(essence(other, unknown));
    }
  }

  private static Page passkeyAnswer(String ip, String name, String password, String answer) {
    return GuessLimitBypassIT.passkeyAnswer(
        realm.flow().begin(realm.browserAt(ip)).loginPage(),
        answer + "&username=" + name + "&password=" + password);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/51887")
  @ParameterizedTest
  @ValueSource(strings = {"wrong", "", "wro\u0308ng"})
  void login_knownAndUnknownName_takeTheSameTime(String password) {
    var users = users(ROUNDS / 3);
    compare("known", round -> users.get(round % users.size()), password);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong", "wro\u0308ng"})
  void login_accountWithoutPassword_takesTimeOfUnknownName(String password) {
    var users = users(ROUNDS / 3, realm::userWithoutPassword);
    compare("no password", round -> users.get(round % users.size()), password);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/51887")
  @Test
  void login_missingPasswordField_takesTheSameTime() {
    var users = users(ROUNDS / 3);
    compare("no field", round -> users.get(round % users.size()), name -> measure(name, Map.of()));
  }

  @FieldReport("https://github.com/keycloak/keycloak/pull/2323")
  @Test
  void login_lockedAccount_takesTimeOfUnknownName() {
    var users = users(ROUNDS / 2);
    for (var user : users) {
      realm.lockByTheServerItself(user);
    }
    compare("locked", round -> users.get(round % users.size()), PASSWORD);
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/26625")
  @Test
  void reset_knownAndUnknownName_takeTheSameTime() {
    // two for each name and hour
    var users = users(ROUNDS / 2);
    compare("reset", round -> users.get(round % users.size()), EnumerationIT::reset);
    await().until(() -> !TestServers.mail().mailbox().to(users.getLast()).isEmpty());
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/26625")
  @Test
  void reset_doesNotWaitForTheMailServer() throws IOException {
    var user = realm.user();
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      realm.mailThrough(silent.getLocalPort());

      // the server's own timeout for an unresponsive mail server is ten seconds
      assertThat(Duration.ofNanos(reset(user))).isLessThan(Duration.ofSeconds(6));
    } finally {
      realm.mailThrough(TestServers.mail().port());
    }
  }

  /**
   * Compares the response times. A name that skips the hash is answered in a third of the time. The
   * database look-up of an account takes a few milliseconds either way.
   */
  private static void compare(String what, Function<Integer, String> name, String password) {
    compare(
        what + (password.isEmpty() ? ", empty password" : ""),
        name,
        typed -> measure(typed, password));
  }

  private static void compare(
      String what, Function<Integer, String> name, ToLongFunction<String> measure) {
    measure.applyAsLong(newAddress());
    // alternating, so that other load on the machine affects both
    var known = new ArrayList<Long>();
    var unknown = new ArrayList<Long>();
    for (var round = 0; round < ROUNDS; round++) {
      if (round % 2 == 0) {
        known.add(measure.applyAsLong(name.apply(round)));
        unknown.add(measure.applyAsLong(newAddress()));
      } else {
        unknown.add(measure.applyAsLong(newAddress()));
        known.add(measure.applyAsLong(name.apply(round)));
      }
    }
    var ratio = median(known) / median(unknown);
    System.out.printf(
        "%s against unknown name, %d each: median %.1f and %.1f ms%n",
        what, ROUNDS, median(known), median(unknown));
    assertThat(ratio).isBetween(0.6, 1.6);
  }

  private static long measure(String name, String password) {
    return measure(name, Map.of("password", password));
  }

  private static long measure(String name, Map<String, String> password) {
    var form = realm.flow().begin(realm.browserAt(newIp())).loginPage();
    if (password.isEmpty()) {
      form.document().select("[name=password]").attr("name", "nothing");
    }
    var fields = new HashMap<>(password);
    fields.put("username", name);
    var start = System.nanoTime();
    var page = form.submit("kc-form-login", fields);
    var taken = System.nanoTime() - start;
    assertThat(page.status()).isEqualTo(200);
    return taken;
  }

  private static long reset(String name) {
    var form =
        realm
            .flow()
            .begin(realm.browserAt(newIp()))
            .loginPage()
            .follow("a[href*=reset-credentials]");
    var start = System.nanoTime();
    var page = form.submit("kc-reset-password-form", Map.of("username", name));
    var taken = System.nanoTime() - start;
    assertThat(page.status()).isEqualTo(200);
    return taken;
  }

  private static double median(List<Long> nanos) {
    return nanos.stream().sorted().toList().get(nanos.size() / 2) / 1e6;
  }

  private static List<String> users(int count) {
    return users(count, realm::user);
  }

  private static List<String> users(int count, Supplier<String> user) {
    return Stream.generate(user).limit(count).toList();
  }

  /** Removes the text that differs on every page, and the input. */
  private static String essence(Page page, String name) {
    return page.document()
        .outerHtml()
        .replace(name, "NAME")
        .replaceAll("(session_code|tab_id|client_data|execution)=[^&\"']*", "$1")
        // the page's own check that its login is still in progress
        .replaceAll("\"[A-Za-z0-9+/]{43,}=*\"", "HASH")
        .replaceAll("challenge : \"[A-Za-z0-9_-]+\"", "CHALLENGE");
  }
}
