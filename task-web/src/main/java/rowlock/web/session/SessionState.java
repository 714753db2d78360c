/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

/** State of the session that a request's cookie identifies. */
public sealed interface SessionState {
  /** A user is signed in. */
  record Live(WebSession session) implements SessionState {}

  /** There is no live session. */
  record Absent(EndReason reason) implements SessionState {}

  /** The state cannot be determined, or no valid access token can be obtained, at the moment. */
  record Unknown() implements SessionState {}
}
