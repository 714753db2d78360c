/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.keycloak.login.GuessingRealm.PASSWORD;
import static rowlock.keycloak.login.GuessingRealm.newAddress;
import static rowlock.keycloak.login.GuessingRealm.newIp;

import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;
import rowlock.keycloak.login.GuessingRealm;
import rowlock.local.testing.TestServers;
import tools.jackson.databind.json.JsonMapper;

/** One password and one name in the forms of different keyboards and clipboards. */
class CanonicalFormIT {
  private static final String COMPOSED = "ein g\u00fcnstiger s\u00e9jour";
  private static final String DECOMPOSED = Normalizer.normalize(COMPOSED, Normalizer.Form.NFD);

  /** macOS types a no-break space for Option and the space bar. */
  private static final String WITH_OTHER_SPACES = COMPOSED.replace(' ', '\u00a0');

  private static GuessingRealm realm;

  @BeforeAll
  static void start() {
    realm = GuessingRealm.shared();
  }

  @FieldReport("https://github.com/mattermost/mattermost/issues/36877")
  @Test
  void password_setByAnAdministrator_isTheSameInEveryForm() {
    for (var set : List.of(COMPOSED, DECOMPOSED, WITH_OTHER_SPACES)) {
      var user = realm.user();
      setPassword(user, set);

      assertSignsIn(user);
    }
  }

  @Test
  void password_imported_isTheSameInEveryForm() {
    var user = newAddress();
    importWith(user, Map.of("type", "password", "value", DECOMPOSED));

    assertSignsIn(user);
  }

  @FieldReport("https://github.com/mattermost/mattermost/issues/36877")
  @Test
  void password_ofTheRegistrationForm_isTheSameInEveryForm() {
    var user = newAddress();
    realm.flow().register(user, DECOMPOSED, "Ann", "Example");

    assertSignsIn(user);
  }

  @Test
  void password_thatMustBeChanged_isTheSameInEveryForm() {
    var user = realm.user();
    realm
        .admin()
        .put(
            "/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user),
            "{\"requiredActions\":[\"UPDATE_PASSWORD\"]}");

    var changed =
        realm
            .signIn(newIp(), user, PASSWORD)
            .submit(
                "kc-passwd-update-form",
                Map.of("password-new", DECOMPOSED, "password-confirm", DECOMPOSED));

    assertThat(changed.callback()).isNotNull();
    assertSignsIn(user);
  }

  @Test
  void password_withoutDiacritics_isAnotherPassword() {
    var user = realm.user();
    setPassword(user, COMPOSED);

    assertThat(realm.directGrant(newIp(), user, "ein gunstiger sejour").statusCode())
        .isEqualTo(400);
  }

  /** A hash of the text as typed, as the server stores it without the extension. */
  @FieldReport("https://github.com/matrix-org/synapse/issues/3306")
  @Test
  void password_hashedInAnotherForm_isAcceptedAndRehashed() {
    var user = newAddress();
    importWith(
        user,
        Map.of(
            "type", "password",
            "credentialData", "{\"hashIterations\":1000,\"algorithm\":\"pbkdf2-sha256\"}",
            "secretData", secretData(DECOMPOSED)));

    assertThat(realm.directGrant(newIp(), user, COMPOSED).statusCode()).isEqualTo(400);
    assertThat(realm.signIn(newIp(), user, DECOMPOSED).callback()).isNotNull();

    assertSignsIn(user);
  }

  @Test
  void name_asItIsPasted_isFoundByEveryForm() {
    var user = realm.user();
    for (var pasted : pasted(user)) {
      assertThat(realm.signIn(newIp(), pasted, PASSWORD).callback()).as(pasted).isNotNull();
      assertThat(realm.directGrant(newIp(), pasted, PASSWORD).statusCode())
          .as(pasted)
          .isEqualTo(200);
    }

    reset(pasted(user).getFirst());

    assertThat(TestServers.mail().mailbox().await(user).link()).isNotNull();
  }

  @Test
  void name_inAnySpelling_hasOneBudget() {
    for (var name : List.of(realm.user(), newAddress())) {
      var spellings = pasted(name);
      for (var guess = 0; guess < 4; guess++) {
        assertThat(realm.signIn(newIp(), spellings.get(guess), "wrong").status()).isEqualTo(200);
      }

      assertThat(realm.signIn(newIp(), name, PASSWORD).status()).isEqualTo(429);
      assertThat(realm.directGrant(newIp(), spellings.getLast(), PASSWORD).statusCode())
          .isEqualTo(429);
    }
  }

  /** From a directory or an import, which have rules of their own. */
  @Test
  void name_thatIsStoredInAnotherForm_isFoundAsItIsStored() {
    var user = "rene\u0301-" + UUID.randomUUID() + "@example.org";
    realm.user(UUID.randomUUID().toString(), user, Map.of());

    assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNotNull();
  }

  @Test
  void address_pasted_isStoredWithoutInvisibleCharacters() {
    var user = newAddress();
    realm.flow().register("\u00a0" + user + "\u200b", PASSWORD, "Ann", "Example");

    assertThat(realm.read("/users?exact=true&email=" + user)).hasSize(1);
    assertThat(realm.signIn(newIp(), user, PASSWORD).callback()).isNotNull();
  }

  private static List<String> pasted(String name) {
    var wide =
        name.chars()
            .mapToObj(one -> Character.toString(one > ' ' && one < 0x7f ? one + 0xfee0 : one))
            .collect(Collectors.joining());
    return List.of(
        "\u00a0" + name + "\u00a0",
        "\u200e" + name.substring(0, 3) + "\u00ad\u200b" + name.substring(3),
        "\ufeff" + name + "\u3000\u2009",
        wide,
        "\u202a" + name + "\u202c");
  }

  private static void assertSignsIn(String user) {
    for (var typed : List.of(DECOMPOSED, WITH_OTHER_SPACES, COMPOSED)) {
      assertThat(realm.signIn(newIp(), user, typed).callback()).isNotNull();
      assertThat(realm.directGrant(newIp(), user, typed).statusCode()).isEqualTo(200);
    }
  }

  private static void setPassword(String user, String password) {
    realm
        .admin()
        .put(
            "/realms/" + GuessingRealm.REALM + "/users/" + realm.idOf(user) + "/reset-password",
            JsonMapper.shared()
                .writeValueAsString(
                    Map.of("type", "password", "value", password, "temporary", false)));
  }

  private static void importWith(String name, Map<String, String> credential) {
    var user =
        Map.of(
            "username",
            name,
            "email",
            name,
            "firstName",
            "Ann",
            "lastName",
            "Example",
            "emailVerified",
            true,
            "enabled",
            true,
            "credentials",
            List.of(credential));
    realm
        .admin()
        .post(
            "/realms/" + GuessingRealm.REALM + "/partialImport",
            JsonMapper.shared()
                .writeValueAsString(Map.of("ifResourceExists", "FAIL", "users", List.of(user))));
  }

  private static String secretData(String password) {
    var salt = "salt-of-a-test".getBytes(UTF_8);
    try {
      var hash =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 1_000, 256))
              .getEncoded();
      var base64 = Base64.getEncoder();
      return JsonMapper.shared()
          .writeValueAsString(
              Map.of("value", base64.encodeToString(hash), "salt", base64.encodeToString(salt)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void reset(String name) {
    realm
        .flow()
        .begin(realm.browserAt(newIp()))
        .loginPage()
        .follow("a[href*=reset-credentials]")
        .submit("kc-reset-password-form", Map.of("username", name));
  }
}
