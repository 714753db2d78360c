/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.credential.hash.PasswordHashProvider;

/** Computes password hashes only for the time that they take. */
final class PasswordHashes {
  private PasswordHashes() {}

  /**
   * Computes this number of hashes with the algorithm of the realm; none if the count is not
   * positive.
   */
  static void compute(AuthenticationFlowContext context, int count) {
    var session = context.getSession();
    var policy = context.getRealm().getPasswordPolicy();
    var algorithm = policy.getHashAlgorithm();
    var hash =
        algorithm == null
            ? session.getProvider(PasswordHashProvider.class)
            : session.getProvider(PasswordHashProvider.class, algorithm);
    for (var computed = 0; computed < count; computed++) {
      hash.encodedCredential("as long as any other password", policy.getHashIterations());
    }
  }
}
