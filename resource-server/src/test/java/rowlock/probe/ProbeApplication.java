/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;

/**
 * Starts the application that the tests of the engine use. Its table is {@code probe.item}. Spring
 * Data and Hibernate are on the class path for other tests.
 */
@SpringBootApplication(
    exclude = {
      DataJdbcRepositoriesAutoConfiguration.class,
      DataJpaRepositoriesAutoConfiguration.class,
      HibernateJpaAutoConfiguration.class
    })
public class ProbeApplication {
  /**
   * Starts the application.
   *
   * @param args Spring Boot's command line
   */
  public static void main(String[] args) {
    SpringApplication.run(ProbeApplication.class, args);
  }
}
