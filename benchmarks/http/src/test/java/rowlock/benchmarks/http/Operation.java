/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of measured requests. */
enum Operation {
  /** Reads one task. */
  GET,
  /** Reads a page of 20 tasks. */
  LIST,
  /** Creates a task. */
  POST,
  /** 70 % {@link #GET}, 20 % {@link #LIST}, 10 % {@link #POST}. */
  MIXED,
  /** Reads one task with a token whose signature is invalid, another one each time. */
  BAD_SIGNATURE,
  /** Reads one task with one of a thousand tokens whose signature is invalid. */
  REPEATED_BAD_SIGNATURE;

  /** Returns the kind with this name in lower case; null if there is none. */
  static @Nullable Operation named(String name) {
    for (var operation : values()) {
      if (operation.name().toLowerCase(Locale.ROOT).equals(name)) {
        return operation;
      }
    }
    return null;
  }

  /**
   * Returns the kind of the n-th request. It is the same for every server, so that all get the same
   * load.
   */
  Operation at(int n) {
    if (this != MIXED) {
      return this;
    }
    var tenth = n % 10;
    if (tenth < 7) {
      return GET;
    }
    return tenth < 9 ? LIST : POST;
  }

  /** Returns the status that the server must answer. */
  int status() {
    return switch (this) {
      case GET, LIST, MIXED -> 200;
      case POST -> 201;
      case BAD_SIGNATURE, REPEATED_BAD_SIGNATURE -> 401;
    };
  }
}
