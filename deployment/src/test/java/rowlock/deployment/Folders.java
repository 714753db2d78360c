/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import rowlock.realm.Realm;

/** What the program makes, for tests of other packages. */
public final class Folders {

  private Folders() {}

  /** All secrets, as before the first start. */
  public static void makeSecrets(Path folder) {
    try {
      new Secrets(new SecretFiles(folder)).makeMissing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The realm for these addresses, as the Keycloak Operator takes it. */
  public static String operatorImport(Map<String, String> addresses) {
    return OperatorImport.of(Realm.render(addresses).json());
  }
}
