/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/**
 * Starts the backend for frontend. Its settings are environment variables, see {@code settings}.
 */
// Errors that Spring did not answer are answered by the server itself, as problems. Connections and
// people are ours to know.
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
