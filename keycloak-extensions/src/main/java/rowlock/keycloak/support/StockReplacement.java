/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.support;

import org.keycloak.provider.Provider;

/**
 * A factory that replaces the server's own of the same kind: the server takes the one with the
 * highest order.
 *
 * @param <T> type of the created providers
 */
public interface StockReplacement<T extends Provider> extends ExtensionFactory<T> {
  /** Higher than that of any factory of the server. */
  @Override
  default int order() {
    return 100;
  }
}
