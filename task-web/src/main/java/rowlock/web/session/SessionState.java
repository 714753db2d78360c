/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

/** What a request's cookie stands for. */
public sealed interface SessionState {

  /** Somebody is signed in. */
  record Live(WebSession session) implements SessionState {}

  /** Nobody is. */
  record Gone(EndReason reason) implements SessionState {}

  /** It cannot be told, or no good access token be had, at the moment. */
  record Unknown() implements SessionState {}
}
