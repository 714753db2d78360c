/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import io.micrometer.core.instrument.Metrics;
import java.nio.file.Path;
import org.keycloak.Config;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.credential.hash.PasswordHashProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.credential.PasswordCredentialModel;
import rowlock.keycloak.TestExtension;

/**
 * The hash algorithm {@code counted} of test realms: computes no hash and counts the calls in the
 * metric {@code rowlock_test_hashes_total}.
 */
public final class HashCounterFactory implements PasswordHashProviderFactory {
  static final String ID = "counted";

  /** Returns the algorithm as an extension. */
  public static Path extension() {
    return TestExtension.of(HashCounterFactory.class, PasswordHashProviderFactory.class);
  }

  @Override
  public PasswordHashProvider create(KeycloakSession session) {
    return new HashCounter();
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}

  private static final class HashCounter implements PasswordHashProvider {
    @Override
    public boolean policyCheck(PasswordPolicy policy, PasswordCredentialModel credential) {
      return true;
    }

    @Override
    public PasswordCredentialModel encodedCredential(String rawPassword, int iterations) {
      count();
      return PasswordCredentialModel.createFromValues(ID, new byte[0], iterations, rawPassword);
    }

    @Override
    public boolean verify(String rawPassword, PasswordCredentialModel credential) {
      count();
      return rawPassword.equals(credential.getPasswordSecretData().getValue());
    }

    private static void count() {
      Metrics.counter("rowlock.test.hashes").increment();
    }

    @Override
    public void close() {}
  }
}
