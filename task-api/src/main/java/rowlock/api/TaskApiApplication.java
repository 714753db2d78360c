/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/** Starts the resource server. Its settings are environment variables, see {@code settings}. */
// Errors that Spring did not answer are answered by the server itself, as problems.
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
public class TaskApiApplication {

  /**
   * Starts the server and keeps it running until the process is asked to stop.
   *
   * @param args Spring Boot's command line, usually empty
   */
  public static void main(String[] args) {
    SpringApplication.run(TaskApiApplication.class, args);
  }
}
