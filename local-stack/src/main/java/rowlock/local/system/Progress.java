/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.PrintStream;
import java.util.Locale;

/** Reports each step of the stack in one line, with its duration in seconds. */
@FunctionalInterface
public interface Progress {
  /** Prints one line. Several threads may call it. */
  void line(String text);

  /** Prints nothing, for tests. */
  static Progress silent() {
    return text -> {};
  }

  /** Prints each line on a stream, for example {@code System.out}. */
  static Progress to(PrintStream out) {
    return text -> {
      out.println(text);
      out.flush();
    };
  }

  /** Prints the start of a step; call {@link Step#done()} when it has succeeded. */
  default Step begin(String what) {
    line(what + " ...");
    return new Step(this, what, System.nanoTime());
  }

  /** Represents a step that has started. */
  record Step(Progress progress, String what, long startedNanos) {
    /** Prints the duration of the step. */
    public void done() {
      var seconds = (System.nanoTime() - startedNanos) / 1e9;
      progress.line(String.format(Locale.ROOT, "%s: done in %.1f s", what, seconds));
    }
  }
}
