/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the resource server. Its settings are environment variables, see {@code settings}. */
@SpringBootApplication
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
