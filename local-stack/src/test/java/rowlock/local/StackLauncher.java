/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import java.util.Map;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;

/** Runs a launcher as a separate process that a test can kill. */
final class StackLauncher {
  private StackLauncher() {}

  public static void main(String[] realmFile) throws InterruptedException {
    try {
      var settings =
          LocalStackSettings.from(System.getenv())
              .withRealm(new StackRealm("garden", Path.of(realmFile[0]), realmFile[1]))
              .withMaster(Path.of("src/test/resources/master.json"));
      var stack = LocalStack.start(settings, Progress.to(System.out));
      stack.prepareDatabase("books", "book");
      stack.prepareDatabase("visits", "visit");
      stack.secretFile("key", () -> "secret");
      System.out.println("SERVING");
      stack.announce(Map.of("Garden", "http://localhost/none"));
      Thread.currentThread().join();
    } catch (StackFailure e) {
      System.out.println(e.getMessage());
      System.exit(1);
    }
  }
}
