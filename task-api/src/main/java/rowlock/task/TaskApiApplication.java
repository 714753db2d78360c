/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The task API. Settings are environment variables, see {@code settings}. */
@SpringBootApplication
public class TaskApiApplication {
  /**
   * Starts the server, which runs until the process is stopped.
   *
   * @param args Spring Boot's command line, usually empty
   */
  public static void main(String[] args) {
    SpringApplication.run(TaskApiApplication.class, args);
  }
}
