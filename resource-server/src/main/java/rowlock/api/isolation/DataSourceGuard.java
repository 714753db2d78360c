/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import rowlock.api.settings.RefusedApplicationException;

/**
 * Refuses to start when another {@link DataSource} of the application takes the place of the
 * owner-scoped one: its statements would run without an owner. Others may exist beside it.
 */
final class DataSourceGuard implements BeanFactoryPostProcessor {
  private static final String OWN = "ownerScopedDataSource";

  /**
   * @throws RefusedApplicationException naming the bean
   */
  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    for (var name : beans.getBeanNamesForType(DataSource.class, true, false)) {
      if (!name.equals(OWN)
          && beans.containsBeanDefinition(name)
          && beans.getBeanDefinition(name).isPrimary()) {
        throw new RefusedApplicationException(
            "The DataSource bean "
                + name
                + " is @Primary, so statements would bypass row security.",
            "Remove @Primary and inject it by its name.");
      }
    }
  }
}
