/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import io.micrometer.core.instrument.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyConfigException;
import org.keycloak.policy.PasswordPolicyProvider;
import org.keycloak.policy.PolicyError;
import rowlock.keycloak.registration.password.LeakedPasswords.Verdict;

/** The policy {@code leaked-password}, which the server applies wherever a password is set. */
final class LeakedPasswordPolicyProvider implements PasswordPolicyProvider {
  static final String MESSAGE = "rowlockLeakedPassword";

  /** Shorter words of the context are ignored. */
  private static final int MIN_WORD_LENGTH = 3;

  private final KeycloakSession session;
  private final LeakedPasswords passwords;

  LeakedPasswordPolicyProvider(KeycloakSession session, LeakedPasswords passwords) {
    this.session = session;
    this.passwords = passwords;
  }

  @Override
  public @Nullable PolicyError validate(RealmModel realm, UserModel user, String password) {
    return judge(realm, namesOf(user), password);
  }

  /**
   * Checks a password that has been verified, without a request to another service.
   *
   * @param password in its canonical form
   */
  Verdict judgeOffline(RealmModel realm, UserModel user, String password) {
    return passwords.judgeOffline(password, context(realm, namesOf(user)));
  }

  private static List<String> namesOf(UserModel user) {
    var names = new ArrayList<String>();
    add(names, user.getUsername());
    add(names, user.getEmail());
    add(names, user.getFirstName());
    add(names, user.getLastName());
    return names;
  }

  @Override
  public @Nullable PolicyError validate(@Nullable String user, String password) {
    var names = new ArrayList<String>();
    add(names, user);
    return judge(session.getContext().getRealm(), names, password);
  }

  /** Returns the words of the policy's value, separated by commas or spaces. */
  @Override
  public List<String> parseConfig(@Nullable String value) {
    if (value == null || value.isBlank()) {
      return List.of();
    }
    var words = Arrays.stream(value.strip().split("[,\\s]+")).toList();
    for (var word : words) {
      if (word.length() < MIN_WORD_LENGTH) {
        throw new PasswordPolicyConfigException(
            "leaked-password takes words of at least 3 letters, separated by commas; \""
                + word
                + "\" is shorter");
      }
    }
    return words.stream().map(PasswordForms::lower).toList();
  }

  /** Adds the names of the policy, the realm and the client to those of the user. */
  private List<String> context(RealmModel realm, List<String> names) {
    List<String> configured =
        realm.getPasswordPolicy().getPolicyConfig(LeakedPasswordPolicyProviderFactory.ID);
    if (configured != null) {
      names.addAll(configured);
    }
    add(names, realm.getName());
    add(names, realm.getDisplayName());
    var client = session.getContext().getClient();
    if (client != null) {
      add(names, client.getClientId());
      add(names, client.getName());
    }
    return names;
  }

  private @Nullable PolicyError judge(RealmModel realm, List<String> names, String password) {
    var verdict = passwords.judge(session, password, context(realm, names));
    Metrics.counter(
            "rowlock.password.check",
            "realm",
            realm.getName(),
            "outcome",
            verdict.name().toLowerCase(Locale.ROOT))
        .increment();
    return verdict == Verdict.PASSED ? null : new PolicyError(MESSAGE);
  }

  /** Adds a name without spaces, and for an address also the part before the {@code @}. */
  private static void add(List<String> names, @Nullable String name) {
    if (name == null) {
      return;
    }
    var lower = PasswordForms.lower(name.strip());
    var local = lower.replaceFirst("@[^@]*$", "");
    for (var word : List.of(lower, lower.replaceAll("[^\\p{L}\\p{N}]", ""), local)) {
      if (word.length() >= MIN_WORD_LENGTH) {
        names.add(word);
      }
    }
  }

  @Override
  public void close() {}
}
