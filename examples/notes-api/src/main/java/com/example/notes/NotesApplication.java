/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The notes API. */
@SpringBootApplication
public class NotesApplication {
  /**
   * Starts the server.
   *
   * @param args Spring Boot's command line
   */
  public static void main(String[] args) {
    SpringApplication.run(NotesApplication.class, args);
  }
}
