/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.nio.file.Files;
import java.nio.file.Path;

/** The JDK that runs this JVM runs the servers too. */
public final class Jdk {
  private static final int OLDEST = 25;

  private Jdk() {}

  /** Its launcher. */
  public static Path java() {
    var home = Path.of(System.getProperty("java.home"));
    var java = home.resolve("bin/java");
    if (!Files.isExecutable(java)) {
      throw new StackFailure(
          "There is no " + java + ": run this with an ordinary JDK " + OLDEST + " or newer.");
    }
    if (Runtime.version().feature() < OLDEST) {
      throw new StackFailure(
          "The JDK in " + home + " is too old: run this with a JDK " + OLDEST + " or newer.");
    }
    return java;
  }

  /** What compiled or dumped files depend on. */
  public static String version() {
    return System.getProperty("java.vm.vendor") + " " + System.getProperty("java.vm.version");
  }
}
