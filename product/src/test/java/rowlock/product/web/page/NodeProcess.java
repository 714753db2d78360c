/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import rowlock.product.Applications;
import rowlock.product.web.TestWeb;

/** A node of task-web in a separate process, which can be killed. */
public final class NodeProcess implements AutoCloseable {
  private final Process process;
  private final URI address;

  private NodeProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Entry point of the process. */
  public static void main(String[] settings) {
    Applications.taskWeb(List.of(settings));
  }

  /** Starts another node of the product and waits until it answers. */
  static NodeProcess start(TestWeb web) {
    var port = TestWeb.freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName()));
    command.addAll(web.settings(port));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(new File("target", "second-node.log")))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      var node = new NodeProcess(process, URI.create("http://localhost:" + port));
      node.awaitAnswer();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAnswer() {
    var request = HttpRequest.newBuilder(address.resolve("/session")).build();
    try (var http = HttpClient.newHttpClient()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .ignoreExceptions()
          .until(() -> http.send(request, BodyHandlers.discarding()).statusCode() == 200);
    }
  }

  URI address() {
    return address;
  }

  /** Kills the process with SIGKILL and waits for its end. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
