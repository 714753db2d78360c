/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import java.io.PrintStream;
import java.util.Locale;

/** Tells a person what the stack is doing: one line per step, with the seconds it took. */
@FunctionalInterface
public interface Progress {

  /** Shows one line. May be called from several threads. */
  void line(String text);

  /** Shows nothing: for tests. */
  static Progress silent() {
    return text -> {};
  }

  /** Shows each line on a stream, for example {@code System.out}. */
  static Progress to(PrintStream out) {
    return text -> {
      out.println(text);
      out.flush();
    };
  }

  /** Announces a step; call {@link Step#done()} when it has succeeded. */
  default Step begin(String what) {
    line(what + " ...");
    return new Step(this, what, System.nanoTime());
  }

  /** A step that was announced. */
  record Step(Progress progress, String what, long startedNanos) {
    /** Shows how long the step took. */
    public void done() {
      var seconds = (System.nanoTime() - startedNanos) / 1e9;
      progress.line(String.format(Locale.ROOT, "%s: done in %.1f s", what, seconds));
    }
  }
}
