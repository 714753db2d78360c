/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.io.IOException;
import rowlock.local.system.Jdk;

/** Starts a launcher as Maven does. Its command line then names Maven's main class, if given. */
final class FakeMaven {
  private FakeMaven() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    new ProcessBuilder(Jdk.java().toString(), StackLauncher.class.getName(), arguments[1], "1")
        .inheritIO()
        .start()
        .waitFor();
  }
}
