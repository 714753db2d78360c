/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the claims of the documents: rows of tables in which a cell names the test as code.
 *
 * @param root of the repository; null for no claims
 */
record Claims(@Nullable Path root) {

  /** Returns the claims of the repository that contains a directory. */
  static Claims ofRepository(Path directory) {
    for (var parent = directory; parent != null; parent = parent.getParent()) {
      if (Files.isDirectory(parent.resolve(".mvn"))) {
        return new Claims(parent);
      }
    }
    return new Claims(null);
  }

  /** Returns the claims that name a test class, each with its document. */
  List<String> of(String className) {
    var found = new ArrayList<String>();
    var name = "`" + className.substring(className.lastIndexOf('.') + 1) + "`";
    for (var document : documents()) {
      for (var line : lines(document)) {
        if (line.startsWith("| ") && line.contains(name)) {
          found.add(firstCell(line) + " (" + document.getFileName() + ")");
        }
      }
    }
    return found;
  }

  private static String firstCell(String row) {
    return row.substring(1, row.indexOf('|', 1)).strip();
  }

  private List<Path> documents() {
    if (root == null) {
      return List.of();
    }
    var all = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(root.resolve("docs"), "*.md")) {
      entries.forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static List<String> lines(Path document) {
    try {
      return Files.readAllLines(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
