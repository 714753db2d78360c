/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.keycloak.login.GuessingRealm;
import tools.jackson.databind.json.JsonMapper;

/** Accounts that the direct grant flow rejects, and the cost of a rejection. */
class PasswordGrantIT {
  private static final String REALM = "password-grant";
  private static final String PASSWORD = "right-password";
  private static final String MISSING = "missing";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static GuessingRealm realm;

  @BeforeAll
  static void createRealm() throws IOException {
    realm = GuessingRealm.shared();
    try (var json = PasswordGrantIT.class.getResourceAsStream("/password-grant-realm.json")) {
      realm.admin().post("/realms", new String(json.readAllBytes(), UTF_8));
    }
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/12298")
  @ParameterizedTest
  @CsvSource({
    "password, wrong",
    "password, ''",
    "password, missing",
    "no-password, wrong",
    "no-password, ''",
    "no-password, missing",
    "disabled, wrong",
    "disabled, missing",
    "disabled-no-password, wrong",
    "disabled-no-password, missing",
    "locked, wrong",
    "locked, missing",
    "locked-no-password, wrong",
    "service-account-robot, wrong",
    "second-factor, wrong",
    "second-factor, missing"
  })
  void refusals_costOneHashAndAreIdentical(String account, String password) {
    if (account.startsWith("locked")) {
      lock(account);
    }
    var unknown = measure("unknown", password);
    var known = measure(account, password);

    assertThat(known.hashes()).isEqualTo(unknown.hashes()).isEqualTo(1);
    assertThat(known.status()).isEqualTo(unknown.status()).isEqualTo(400);
    assertThat(known.body()).isEqualTo(unknown.body());
  }

  /** One hash of the canonical form and one of the input, whether or not there is an account. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "no-password",
        "disabled",
        "locked",
        "locked-no-password",
        "service-account-robot",
        "second-factor",
        " second-factor",
        "\u00a0second-factor"
      })
  void refusals_ofNonCanonicalPassword_costTwoHashes(String account) {
    if (account.startsWith("locked")) {
      lock(account);
    }
    var unknown = measure("unknown", "wro\u0308ng");
    var known = measure(account, "wro\u0308ng");

    assertThat(known.hashes()).isEqualTo(unknown.hashes()).isEqualTo(2);
    assertThat(known.status()).isEqualTo(unknown.status()).isEqualTo(400);
    assertThat(known.body()).isEqualTo(unknown.body());
  }

  @Test
  void accountWithPasswordOnly_getsTokenForOneHash() {
    var answer = measure(account("", List.of()), PASSWORD);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.hashes()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"otp", "webauthn", "webauthn-passwordless", "recovery-authn-codes"})
  void accountWithSecondFactor_getsErrorOfWrongPassword(String type) {
    var account = account(type, List.of());

    var right = measure(account, PASSWORD);
    var wrong = measure(account(type, List.of()), "wrong");

    assertThat(right).isEqualTo(wrong);
    assertThat(right.body()).contains("invalid_grant").doesNotContain("token");
    assertThat(event()).contains("\"error\":\"access_denied\"", PasswordOnly.REASON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UPDATE_PASSWORD", "CONFIGURE_TOTP", "VERIFY_EMAIL", "UPDATE_PROFILE"})
  void accountWithRequiredAction_isRejected(String action) {
    var answer = measure(account("", List.of(action)), PASSWORD);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("invalid_grant").doesNotContain("token");
  }

  private record Answer(int status, String body, long hashes) {}

  private static Answer measure(String name, String password) {
    var before = hashes();
    var answer = grant(name, password);
    return new Answer(answer.statusCode(), answer.body(), hashes() - before);
  }

  private static long hashes() {
    return (long) realm.metric("rowlock_test_hashes_total", "");
  }

  private static HttpResponse<String> grant(String name, String password) {
    var form =
        new TreeMap<>(Map.of("grant_type", "password", "client_id", "program", "username", name));
    if (!password.equals(MISSING)) {
      form.put("password", password);
    }
    var body =
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    try {
      return HTTP.send(
          HttpRequest.newBuilder(
                  URI.create(
                      realm.server().url() + "/realms/" + REALM + "/protocol/openid-connect/token"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Creates an account with the password and one more credential, unless its type is empty. */
  private static String account(String type, List<String> actions) {
    var name = "user-" + UUID.randomUUID();
    var password =
        Map.of(
            "type", "password",
            "credentialData", "{\"hashIterations\":1,\"algorithm\":\"counted\"}",
            "secretData", "{\"value\":\"" + PASSWORD + "\",\"salt\":\"\"}");
    var factor = Map.of("type", type, "credentialData", "{}", "secretData", "{}");
    var user =
        Map.of(
            "username",
            name,
            "email",
            name + "@example.org",
            "firstName",
            "A",
            "lastName",
            "B",
            "enabled",
            true,
            "requiredActions",
            actions,
            "credentials",
            type.isEmpty() ? List.of(password) : List.of(password, factor));
    realm
        .admin()
        .post(
            "/realms/" + REALM + "/partialImport",
            JSON.writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", List.of(user))));
    return name;
  }

  /** Locks an account with wrong passwords, which the server counts in a thread of its own. */
  private static void lock(String account) {
    var users = "/realms/" + REALM;
    var id =
        realm
            .admin()
            .get(users + "/users?exact=true&username=" + account)
            .path(0)
            .path("id")
            .asString();
    var status = users + "/attack-detection/brute-force/users/" + id;
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              if (realm.admin().get(status).path("disabled").asBoolean()) {
                return true;
              }
              grant(account, "wrong");
              return false;
            });
  }

  private static String event() {
    return realm.admin().get("/realms/" + REALM + "/events?type=LOGIN_ERROR&max=2").toString();
  }
}
