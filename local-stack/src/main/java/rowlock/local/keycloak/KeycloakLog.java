/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rowlock.local.system.StackFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Contains the log of a Keycloak server, one JSON object per line.
 *
 * @param records in the order in which they were written
 */
public record KeycloakLog(List<Entry> records) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Copies the list. */
  public KeycloakLog {
    records = List.copyOf(records);
  }

  /**
   * Reads what the server has written so far. A last line without its end is left out. A line that
   * is not a JSON object is a record without level and logger.
   */
  public static KeycloakLog read(Path file) {
    try {
      var text = Files.readString(file);
      return new KeycloakLog(
          text.substring(0, text.lastIndexOf('\n') + 1).lines().map(KeycloakLog::parse).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the messages of a logger. */
  public List<String> messages(String logger) {
    return records.stream()
        .filter(entry -> entry.logger().equals(logger))
        .map(Entry::message)
        .toList();
  }

  /** Returns all messages and exceptions as text. */
  public String text() {
    return records.stream().map(Entry::text).collect(Collectors.joining("\n"));
  }

  /** Returns a failure that names the last message of this log. */
  static StackFailure failure(Path log, String what) {
    return StackFailure.ended(log, what, KeycloakLog::readable);
  }

  /** Returns a JSON record as text, and any other line unchanged. */
  private static String readable(String line) {
    var entry = parse(line);
    return entry.logger().isEmpty() ? line : entry.text();
  }

  private static Entry parse(String line) {
    var json = object(line);
    if (!json.hasNonNull("loggerName")) {
      return new Entry("", "", line, List.of());
    }
    return new Entry(
        json.path("level").asString(""),
        json.path("loggerName").asString(""),
        json.path("message").asString(""),
        causes(json.path("exception"))
            .map(
                cause ->
                    cause.path("exceptionType").asString("")
                        + ": "
                        + cause.path("message").asString(""))
            .toList());
  }

  private static JsonNode object(String line) {
    try {
      return line.startsWith("{") ? JSON.readTree(line) : JSON.missingNode();
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  private static Stream<JsonNode> causes(JsonNode exception) {
    return Stream.iterate(
        exception,
        JsonNode::isObject,
        one -> {
          var cause = one.path("causedBy");
          return cause.has("exception") ? cause.path("exception") : cause;
        });
  }

  /**
   * Contains one record.
   *
   * @param level such as {@code WARN}
   * @param logger its name
   * @param message formatted
   * @param exceptions type and message of the exception and its causes
   */
  public record Entry(String level, String logger, String message, List<String> exceptions) {
    String text() {
      return Stream.concat(Stream.of(level + " [" + logger + "] " + message), exceptions.stream())
          .collect(Collectors.joining(": "));
    }
  }
}
