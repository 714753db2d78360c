/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import rowlock.web.problem.TransientFailure;

/** Thrown if the session database is unavailable. */
public final class SessionsUnavailableException extends RuntimeException
    implements TransientFailure {
  SessionsUnavailableException(Throwable cause) {
    super("Session database unavailable", cause);
  }
}
