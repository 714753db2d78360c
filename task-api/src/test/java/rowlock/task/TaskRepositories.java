/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Creates the repository of the application on data sources of tests. */
final class TaskRepositories {
  private TaskRepositories() {}

  /** Returns the repository on this data source, configured as Spring Boot configures it. */
  static TaskRepository on(DataSource dataSource) {
    var context = new AnnotationConfigApplicationContext();
    context.registerBean(
        DataSource.class, () -> dataSource, bean -> bean.setDestroyMethodName(null));
    context.register(Repositories.class);
    context.refresh();
    return context.getBean(TaskRepository.class);
  }

  @AutoConfigurationPackage
  @ImportAutoConfiguration({
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    DataJdbcRepositoriesAutoConfiguration.class
  })
  static class Repositories {}
}
