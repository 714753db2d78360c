/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import java.util.Map;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.system.Progress;
import rowlock.local.system.StackFailure;

/** Runs a launcher as a separate process that a test can kill. */
final class StackLauncher {
  private StackLauncher() {}

  public static void main(String[] realmFile) throws InterruptedException {
    try {
      var settings =
          LocalStackSettings.from(System.getenv())
              .withRealm(realm(realmFile))
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

  /** With a third argument, the realm can be updated. */
  private static StackRealm realm(String[] arguments) {
    StackRealm.Update update =
        server -> new AdminApi(server).merge("/realms/garden", "{\"displayName\":\"Updated\"}");
    return new StackRealm(
        "garden", Path.of(arguments[0]), arguments[1], arguments.length > 2 ? update : null);
  }
}
