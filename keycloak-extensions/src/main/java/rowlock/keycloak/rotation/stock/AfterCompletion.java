/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation.stock;

import org.keycloak.models.AbstractKeycloakTransaction;

/** Runs an action after the request's transaction, whether committed or rolled back. */
final class AfterCompletion extends AbstractKeycloakTransaction {
  private final Runnable action;

  AfterCompletion(Runnable action) {
    this.action = action;
  }

  @Override
  protected void commitImpl() {
    action.run();
  }

  @Override
  protected void rollbackImpl() {
    action.run();
  }
}
