/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import rowlock.realm.model.Kind;
import rowlock.realm.plan.Plan;

/**
 * Writes the result of a comparison as metrics in Prometheus' text format, for the textfile
 * collector of the node exporter. The file is replaced atomically.
 */
public final class DriftMetrics {
  private DriftMetrics() {}

  /**
   * Returns the metrics.
   *
   * @param plan the differences; null if the comparison failed
   */
  public static String text(String realm, @Nullable Plan plan, Instant now) {
    var text = new StringBuilder();
    head(text, "verify_success", "Whether the last comparison of source and server succeeded.");
    sample(text, "verify_success", realm, "", plan == null ? 0 : 1);
    head(text, "verify_timestamp_seconds", "Time of the last comparison.");
    sample(text, "verify_timestamp_seconds", realm, "", now.getEpochSecond());
    if (plan != null) {
      head(text, "drift_objects", "Objects of the realm that differ from the source.");
      for (var kind : Kind.values()) {
        sample(
            text,
            "drift_objects",
            realm,
            ",kind=\"" + kind.label() + "\"",
            plan.changes().stream()
                .map(change -> change.key())
                .filter(key -> key.kind() == kind)
                .distinct()
                .count());
      }
    }
    return text.toString();
  }

  private static void head(StringBuilder text, String name, String help) {
    text.append("# HELP rowlock_realm_").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE rowlock_realm_").append(name).append(" gauge\n");
  }

  private static void sample(
      StringBuilder text, String name, String realm, String labels, long value) {
    text.append("rowlock_realm_")
        .append(name)
        .append("{realm=\"")
        .append(realm.replaceAll("[\\\\\"\\n]", "_"))
        .append('"')
        .append(labels)
        .append("} ")
        .append(value)
        .append('\n');
  }

  /** Replaces the file. */
  public static void write(Path file, String text) throws IOException {
    var target = file.toAbsolutePath();
    var unfinished = target.resolveSibling(target.getFileName() + ".part");
    Files.writeString(unfinished, text);
    Files.move(
        unfinished, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
