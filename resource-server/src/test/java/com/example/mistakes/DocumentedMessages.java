/* SPDX-License-Identifier: Apache-2.0 */
package com.example.mistakes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The messages that docs/your-domain.md quotes. */
final class DocumentedMessages {
  private DocumentedMessages() {}

  /** Returns the message if the document quotes it. */
  static String documented(String message) {
    try {
      assertThat(Files.readString(Path.of("..", "docs", "your-domain.md"))).contains(message);
      return message;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
