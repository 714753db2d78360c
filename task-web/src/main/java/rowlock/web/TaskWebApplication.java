/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/**
 * Starts the backend for frontend. The package {@code settings} reads its environment variables.
 */
// Tomcat itself answers errors as problems. SessionDatabase creates the connection pools, and the
// issuer authenticates users.
@SpringBootApplication(
    exclude = {
      ErrorMvcAutoConfiguration.class,
      DataSourceAutoConfiguration.class,
      UserDetailsServiceAutoConfiguration.class
    })
public class TaskWebApplication {
  /**
   * Starts the server and keeps it running until the process is asked to stop.
   *
   * @param args Spring Boot's command line, usually empty
   */
  public static void main(String[] args) {
    SpringApplication.run(TaskWebApplication.class, args);
  }
}
