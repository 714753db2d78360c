/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.util.List;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;

/** Adds database, issuer and client to the context of a {@link RowlockTest}. */
final class RowlockContextCustomizerFactory implements ContextCustomizerFactory {
  @Override
  public ContextCustomizer createContextCustomizer(
      Class<?> testClass, List<ContextConfigurationAttributes> configurations) {
    return new RowlockContextCustomizer();
  }
}
