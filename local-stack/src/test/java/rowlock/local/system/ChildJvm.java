/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one of this module's main classes in a separate JVM. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final Path output;

  private ChildJvm(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  public static ChildJvm start(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), main, environment, arguments);
  }

  public static ChildJvm start(
      List<String> prefix,
      String classPath,
      Class<?> main,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    var output = Files.createTempFile("child", ".out");
    var command = new ArrayList<>(prefix);
    command.addAll(List.of(Jdk.java().toString(), "-XX:TieredStopAtLevel=1", main.getName()));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // not on the command line: the system shows other processes only its beginning
    builder.environment().put("CLASSPATH", classPath);
    builder.environment().putAll(environment);
    return new ChildJvm(builder.start(), output);
  }

  public long pid() {
    return process.pid();
  }

  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public void awaitOutput(String text) {
    await()
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> output().contains(text) || !process.isAlive());
    if (!output().contains(text)) {
      throw new AssertionError(
          "The process ended without the output \"" + text + "\": " + output());
    }
  }

  /** Waits for its end and returns the exit status. */
  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(4, TimeUnit.MINUTES)) {
      throw new AssertionError("Still running: " + output());
    }
    return process.exitValue();
  }

  public void terminate() {
    process.destroy();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      awaitExit();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Files.delete(output);
  }
}
