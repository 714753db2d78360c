/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** Describes the JDK of this JVM, which also runs the servers. */
public final class Jdk {
  private static final int MIN_VERSION = 25;

  private Jdk() {}

  /** Returns its program {@code java}. */
  public static Path java() {
    var home = Path.of(System.getProperty("java.home"));
    var java = home.resolve("bin/java");
    if (!Files.isExecutable(java)) {
      throw new StackFailure(
          "The program is missing: "
              + java
              + ". Run this with a full JDK "
              + MIN_VERSION
              + " or newer.");
    }
    if (Runtime.version().feature() < MIN_VERSION) {
      throw new StackFailure(
          "The JDK in " + home + " is too old: run this with a JDK " + MIN_VERSION + " or newer.");
    }
    return java;
  }

  /** Returns the version that compiled files and class archives depend on. */
  public static String version() {
    return System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version");
  }
}
