/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import java.nio.file.Files;
import java.nio.file.Path;

/** Requests an entry of the cache and prints whether it had to make it. */
final class CacheFiller {
  private CacheFiller() {}

  public static void main(String[] cache) {
    var entry =
        new Cache(Path.of(cache[0]))
            .entry(
                "shared",
                0,
                directory -> {
                  System.out.println("MADE");
                  for (var i = 0; i < 2_000; i++) {
                    Files.writeString(directory.resolve("part-" + i), "x");
                  }
                });
    System.out.println("SEES " + entry.toFile().list().length);
  }
}
