/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rowlock.local.cache.StateDirectory;

/** Reads the logs of the servers that a test JVM has started, and its own output. */
final class ServerLogs {
  private static final Pattern JSON =
      Pattern.compile(
          "\\{\"timestamp\":\"(?<time>[^\"]*)\".*\"loggerName\":\"(?<logger>[^\"]*)\",\"level\":\"(?<level>\\w+)\",\"message\":\"(?<message>(?:\\\\.|[^\"\\\\])*+)\".*");

  private final Path directory;
  private final List<Path> others = new CopyOnWriteArrayList<>();

  /**
   * Finds logs when they are created.
   *
   * @param directory contains a directory for each server, with its logs
   */
  ServerLogs(Path directory) {
    this.directory = directory;
  }

  /** Adds a log outside that directory. */
  void add(Path file) {
    others.add(file);
  }

  /** Returns the logs of the servers of this JVM, which may be none yet. */
  static ServerLogs ofThisJvm() {
    var state = StateDirectory.ofTests(Path.of("").toAbsolutePath(), System.getenv());
    return new ServerLogs(state.tests().resolve(Long.toString(ProcessHandle.current().pid())));
  }

  /** Records the length of each log at one moment. */
  record Mark(Map<Path, Long> sizes) {}

  Mark mark() {
    var sizes = new HashMap<Path, Long>();
    for (var file : files()) {
      sizes.put(file, size(file));
    }
    return new Mark(sizes);
  }

  /** Returns the lines since then, by server and name of the log. */
  Map<String, List<String>> since(Mark mark) {
    var logged = new TreeMap<String, List<String>>();
    for (var file : files()) {
      var text = textAfter(file, mark.sizes().getOrDefault(file, 0L));
      if (!text.isBlank()) {
        var name = others.contains(file) ? "output" : directory.relativize(file).toString();
        logged.put(name, text.lines().map(ServerLogs::readable).toList());
      }
    }
    return logged;
  }

  /**
   * Returns time, level, logger and message of a line in Keycloak's JSON format, and any other line
   * unchanged.
   */
  private static String readable(String line) {
    var parts = JSON.matcher(line);
    return parts.matches()
        ? "%s %s %s %s%s"
            .formatted(
                parts.group("time"),
                parts.group("level"),
                parts.group("logger"),
                parts.group("message").replace("\\\"", "\""),
                line.contains("\"exception\"") ? " ... with an exception" : "")
        : line;
  }

  private List<Path> files() {
    if (!Files.isDirectory(directory)) {
      return others;
    }
    try (var servers = Files.list(directory)) {
      return Stream.concat(servers.flatMap(ServerLogs::logsIn), others.stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> logsIn(Path server) {
    try (var entries = Files.newDirectoryStream(server, "*.log")) {
      var found = new ArrayList<Path>();
      entries.forEach(found::add);
      return found.stream();
    } catch (IOException e) {
      // not a directory, or a server that has been stopped
      return Stream.empty();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A log that became shorter is read from its start. */
  private static String textAfter(Path file, long offset) {
    try (var channel = Files.newByteChannel(file)) {
      if (channel.size() >= offset) {
        channel.position(offset);
      }
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
