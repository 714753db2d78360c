/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Creates a filter from lists of passwords, one a line, UTF-8: {@code java -cp
 * keycloak-extensions.jar rowlock.keycloak.registration.password.FilterTool OUT LIST...}. The build
 * creates the bundled filter with it.
 */
public final class FilterTool {
  private FilterTool() {}

  /** Exits with 0, or with 1 and a line that describes the error. */
  @SuppressWarnings("SystemOut") // output of a command-line tool
  public static void main(String[] args) {
    if (args.length < 2) {
      System.err.println("Usage: FilterTool OUT LIST...");
      System.exit(1);
    }
    try {
      var lists = Arrays.stream(args).skip(1).map(Path::of).toList();
      var filter = FuseFilter.build(keys(lists));
      var out = Path.of(args[0]).toAbsolutePath();
      Files.createDirectories(out.getParent());
      Files.write(out, filter.toBytes());
      System.out.println(
          out.getFileName() + ": " + filter.size() + " passwords, " + Files.size(out) + " bytes");
    } catch (CharacterCodingException e) {
      fail("a list is not UTF-8");
    } catch (IOException e) {
      fail(e.toString());
    }
  }

  private static long[] keys(List<Path> lists) throws IOException {
    var keys = new long[0];
    for (var list : lists) {
      try (var lines = Files.lines(list, UTF_8)) {
        var more =
            lines
                .map(PasswordForms::lower)
                .filter(line -> !line.isBlank())
                .mapToLong(FuseFilter::key)
                .toArray();
        var all = Arrays.copyOf(keys, keys.length + more.length);
        System.arraycopy(more, 0, all, keys.length, more.length);
        keys = all;
      }
    }
    return keys;
  }

  @SuppressWarnings("SystemOut")
  private static void fail(String reason) {
    System.err.println("Creating the filter failed: " + reason);
    System.exit(1);
  }
}
