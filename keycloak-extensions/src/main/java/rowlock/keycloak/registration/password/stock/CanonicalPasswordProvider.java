/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password.stock;

import java.util.Objects;
import org.keycloak.credential.CredentialInput;
import org.keycloak.credential.CredentialProvider;
import org.keycloak.credential.PasswordCredentialProvider;
import org.keycloak.credential.PasswordCredentialProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.registration.password.PasswordLogin;
import rowlock.keycloak.support.AccountJob;
import rowlock.keycloak.support.AfterCommit;
import rowlock.keycloak.support.ListenerFailures;
import rowlock.keycloak.support.PasswordText;

/**
 * The server's own password store, which hashes and verifies the canonical form. A password that
 * was stored earlier, or imported, may be the hash of another form: the text as typed is verified
 * second, and if it is correct, its hash is replaced by that of the canonical form.
 *
 * <p>A wrong password costs {@link PasswordText#hashes} hashes.
 */
final class CanonicalPasswordProvider extends PasswordCredentialProvider {
  /** Verifies, and publishes the server's metrics about it. */
  private final PasswordCredentialProvider stock;

  CanonicalPasswordProvider(KeycloakSession session, PasswordCredentialProvider stock) {
    super(session, null, false, false, false, false, false);
    this.stock = stock;
  }

  @Override
  public boolean createCredential(RealmModel realm, UserModel user, String password) {
    return super.createCredential(realm, user, PasswordText.canonical(password));
  }

  @Override
  public boolean isValid(RealmModel realm, UserModel user, CredentialInput input) {
    var valid = isCorrect(realm, user, input);
    var typed = input.getChallengeResponse();
    if (valid && typed != null) {
      PasswordLogin.verified(session, realm, user, typed);
    }
    return valid;
  }

  private boolean isCorrect(RealmModel realm, UserModel user, CredentialInput input) {
    var typed = input.getChallengeResponse();
    var canonical = typed == null ? null : PasswordText.canonical(typed);
    if (canonical == null || canonical.equals(typed)) {
      return stock.isValid(realm, user, input);
    }
    if (stock.isValid(realm, user, UserCredentialModel.password(canonical))) {
      return true;
    }
    if (!stock.isValid(realm, user, input)) {
      return false;
    }
    replaceHash(realm, user, canonical);
    return true;
  }

  /**
   * Replaces the hash in a transaction of its own, as the server does for a hash that no longer
   * meets the policy.
   */
  private void replaceHash(RealmModel realm, UserModel user, String canonical) {
    var factory = session.getKeycloakSessionFactory();
    var realmId = realm.getId();
    var userId = user.getId();
    var created = Objects.requireNonNull(getPassword(realm, user)).getCreatedDate();
    AfterCommit.run(
        session,
        () ->
            ListenerFailures.contain(
                "password",
                "replace-hash",
                () ->
                    AccountJob.run(
                        factory,
                        realmId,
                        userId,
                        (own, in, of) -> replaceHash(own, in, of, created, canonical))));
  }

  private static void replaceHash(
      KeycloakSession own, RealmModel realm, UserModel user, Long created, String canonical) {
    if (own.getProvider(CredentialProvider.class, PasswordCredentialProviderFactory.PROVIDER_ID)
        instanceof CanonicalPasswordProvider passwords) {
      passwords.replaceHash(realm, user, created, canonical);
    }
  }

  private void replaceHash(RealmModel realm, UserModel user, Long created, String canonical) {
    var stored = getPassword(realm, user);
    if (stored == null || !Objects.equals(stored.getCreatedDate(), created)) {
      return; // the password was changed meanwhile
    }
    var policy = realm.getPasswordPolicy();
    var replaced = getHashProvider(policy).encodedCredential(canonical, policy.getHashIterations());
    replaced.setId(stored.getId());
    replaced.setCreatedDate(stored.getCreatedDate());
    replaced.setUserLabel(stored.getUserLabel());
    user.credentialManager().updateStoredCredential(replaced);
  }
}
