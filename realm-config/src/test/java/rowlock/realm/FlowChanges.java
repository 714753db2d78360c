/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Changes every flow of our source, so that none of its logins behaves differently. */
final class FlowChanges {
  /** A step that is switched off, for each type of flow. */
  private static final String BASIC =
      "  - {authenticator: deny-access-authenticator, requirement: DISABLED, priority: 90}\n";

  private static final String FORM =
      "  - {authenticator: registration-terms-and-conditions, requirement: DISABLED, priority: 90}\n";
  private static final String CLIENT =
      "  - {authenticator: client-x509, requirement: DISABLED, priority: 90}\n";

  private FlowChanges() {}

  static void changeAll(TestRealm realm) {
    for (var file : files(realm)) {
      realm.edit(file, text -> text + step(text));
    }
  }

  static void revertAll(TestRealm realm) {
    for (var file : files(realm)) {
      realm.edit(file, text -> text.replace(step(text), ""));
    }
  }

  private static String step(String text) {
    if (text.contains("providerId: form-flow")) {
      return FORM;
    }
    return text.contains("providerId: client-flow") ? CLIENT : BASIC;
  }

  private static List<String> files(TestRealm realm) {
    try (var paths = Files.walk(realm.source())) {
      return paths
          .filter(path -> path.toString().contains("/flows/"))
          .map(realm.source()::relativize)
          .map(Path::toString)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
