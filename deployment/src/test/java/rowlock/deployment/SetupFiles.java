/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import rowlock.realm.Realm;

/** Writes the files of the setup program, for tests of other packages. */
public final class SetupFiles {
  private SetupFiles() {}

  /** Generates all secrets, as before the first start. */
  public static void makeSecrets(Path folder) {
    try {
      new Secrets(new SecretFiles(folder)).makeMissing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the realm for these addresses in the form of the Keycloak Operator. */
  public static String operatorImport(Map<String, String> addresses) {
    return OperatorImport.of(Realm.render(addresses).json());
  }
}
