/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.isolation;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** A second {@code DataSource} of the application. */
class DataSourceGuardTest {
  private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

  private void define(boolean primary) {
    beans.registerBeanDefinition(
        "reporting",
        BeanDefinitionBuilder.rootBeanDefinition(SimpleDriverDataSource.class)
            .setPrimary(primary)
            .getBeanDefinition());
  }

  @Test
  void primaryDataSource_isRefusedByName() {
    define(true);
    assertThatIllegalStateException()
        .isThrownBy(() -> new DataSourceGuard().postProcessBeanFactory(beans))
        .withMessageContaining("reporting")
        .withMessageContaining("@Primary");
  }

  @Test
  void dataSourceBeside_isAccepted() {
    define(false);
    assertThatNoException().isThrownBy(() -> new DataSourceGuard().postProcessBeanFactory(beans));
  }
}
