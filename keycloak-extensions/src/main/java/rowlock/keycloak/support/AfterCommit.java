/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;

/** Work after the commit of a request. Skipped if the request is rolled back. */
public final class AfterCommit {
  private AfterCommit() {}

  /** Runs work on the thread of the request, which waits for it. */
  public static void run(KeycloakSession session, Runnable work) {
    session
        .getTransactionManager()
        .enlistAfterCompletion(
            new AbstractKeycloakTransaction() {
              @Override
              protected void commitImpl() {
                work.run();
              }

              /** Skips the work. */
              @Override
              protected void rollbackImpl() {}
            });
  }

  /**
   * Runs work on a thread of its own, which neither delays nor fails the request.
   *
   * @param listener name for {@link ListenerFailures} if the work cannot be started
   * @param executor name of the server's executor
   */
  public static void start(
      KeycloakSession session, String listener, String executor, Runnable work) {
    run(
        session,
        () ->
            ListenerFailures.contain(
                listener,
                "start",
                () ->
                    session
                        .getProvider(ExecutorsProvider.class)
                        .getExecutor(executor)
                        .execute(work)));
  }
}
