/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints one line for each test class. For a test that fails it prints the claims of the documents
 * that name its class, the failure, and what the test and the servers wrote during the test. All
 * else that tests write goes to {@code target/test-logs}. Does nothing unless the system property
 * {@code rowlock.report} is {@code true}, which the build sets.
 */
public final class ConsoleReport implements TestExecutionListener {
  private static final String PROPERTY = "rowlock.report";
  private static final int MAX_LINES = 60;

  private final PrintStream out;
  private final boolean on;
  private final Claims claims;
  private final ServerLogs logs;
  private final Map<String, TestClass> classes = new ConcurrentHashMap<>();
  private final Map<String, ServerLogs.Mark> marks = new ConcurrentHashMap<>();

  /** Prints to standard output. */
  public ConsoleReport() {
    this(
        System.out,
        Boolean.getBoolean(PROPERTY),
        Claims.ofRepository(Path.of("").toAbsolutePath()),
        ServerLogs.ofThisJvm());
    if (on) {
      keepOutput(Path.of("target", "test-logs"));
    }
  }

  ConsoleReport(PrintStream out, boolean on, Claims claims, ServerLogs logs) {
    this.out = out;
    this.on = on;
    this.claims = claims;
    this.logs = logs;
  }

  private void keepOutput(Path directory) {
    try {
      Files.createDirectories(directory);
      var file = directory.resolve(ProcessHandle.current().pid() + ".log").toAbsolutePath();
      var kept = new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
      System.setOut(kept);
      System.setErr(kept);
      logs.add(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    if (!on) {
      return;
    }
    if (isTopClass(test)) {
      classes.put(test.getUniqueId(), new TestClass(System.nanoTime()));
    }
    if (test.isTest() || test.getSource().filter(ClassSource.class::isInstance).isPresent()) {
      marks.put(test.getUniqueId(), logs.mark());
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    if (on) {
      var own = ownClass(test);
      if (own != null) {
        own.skipped.incrementAndGet();
      }
      if (isTopClass(test)) {
        out.println(className(test) + ": skipped. " + reason);
      }
    }
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!on) {
      return;
    }
    var own = ownClass(test);
    if (own != null && test.isTest()) {
      own.count(result.getStatus());
    }
    var mark = marks.remove(test.getUniqueId());
    if (result.getStatus() == Status.FAILED) {
      if (own != null) {
        own.failed.incrementAndGet();
      }
      out.print(failure(test, result, mark));
    }
    var finished = classes.remove(test.getUniqueId());
    if (finished != null) {
      out.println(finished.line(className(test)));
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    out.flush();
  }

  private String failure(
      TestIdentifier test, TestExecutionResult result, ServerLogs.@Nullable Mark start) {
    var text = new StringWriter();
    var lines = new PrintWriter(text);
    var name = className(test);
    lines.printf("%nFAILED %s: %s%n", name, test.getLegacyReportingName());
    claims.of(name).forEach(claim -> lines.println("  Claim: " + claim));
    result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(lines));
    if (start != null) {
      logs.since(start)
          .forEach(
              (file, logged) -> {
                lines.println("  " + file + " during this test:");
                last(logged).forEach(line -> lines.println("    " + line));
              });
    }
    lines.println();
    return text.toString();
  }

  private static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size());
  }

  /** Returns the class of a test, or the outer class of a nested one, or null if it is unknown. */
  private @Nullable TestClass ownClass(TestIdentifier test) {
    return classes.entrySet().stream()
        .filter(entry -> test.getUniqueId().startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private static boolean isTopClass(TestIdentifier test) {
    return test.getSource().filter(ClassSource.class::isInstance).isPresent()
        && !test.getUniqueId().contains("[nested-class:");
  }

  private static String className(TestIdentifier test) {
    return test.getSource()
        .map(
            source ->
                switch (source) {
                  case ClassSource one -> one.getClassName();
                  case MethodSource one -> one.getClassName();
                  default -> test.getDisplayName();
                })
        .orElse(test.getDisplayName());
  }

  private static final class TestClass {
    private final long startedNanos;
    private final AtomicInteger passed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();

    TestClass(long startedNanos) {
      this.startedNanos = startedNanos;
    }

    void count(Status status) {
      switch (status) {
        case SUCCESSFUL -> passed.incrementAndGet();
        case ABORTED -> skipped.incrementAndGet();
        case FAILED -> {
          // counted as a failed container
        }
      }
    }

    String line(String name) {
      var seconds = (System.nanoTime() - startedNanos) / 1e9;
      var text = new StringBuilder("%6.1f s  %s  %d passed".formatted(seconds, name, passed.get()));
      if (skipped.get() > 0) {
        text.append(", ").append(skipped.get()).append(" skipped");
      }
      if (failed.get() > 0) {
        text.append(", ").append(failed.get()).append(" FAILED");
      }
      return text.toString();
    }
  }
}
