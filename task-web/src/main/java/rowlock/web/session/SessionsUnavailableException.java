/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import rowlock.web.problem.Passing;

/** The database of the sessions is away. */
public final class SessionsUnavailableException extends RuntimeException implements Passing {

  SessionsUnavailableException(Throwable cause) {
    super("The sessions cannot be reached", cause);
  }
}
