/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Formats lines that stand out in the rest of the output. */
final class Banner {
  private static final String RULE = "-".repeat(78);

  private Banner() {}

  static List<String> lines(String title, Map<String, String> entries) {
    var width = entries.keySet().stream().mapToInt(String::length).max().orElse(0);
    var lines = new ArrayList<String>();
    lines.add(RULE);
    lines.add(title);
    entries.forEach(
        (label, value) ->
            lines.add("  " + label + " ".repeat(width - label.length()) + "  " + value));
    lines.add(RULE);
    return lines;
  }
}
