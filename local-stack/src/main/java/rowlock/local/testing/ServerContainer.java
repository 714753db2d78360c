/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import rowlock.local.system.RunningServer;
import rowlock.local.system.StackFailure;
import rowlock.local.system.Waiting;

/**
 * Runs a server in a container that shares this machine's network. It keeps its files while it is
 * stopped, and is removed when the JVM ends. Its output is appended to a file. Not thread-safe.
 */
final class ServerContainer implements RunningServer {
  private static final Duration LOG_LIMIT = Duration.ofSeconds(10);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

  private final GenericContainer<?> container;
  private final Path log;
  private @Nullable LogFile following;

  ServerContainer(GenericContainer<?> container, Path log) {
    this.container = container;
    this.log = log;
    container.setNetworkMode("host");
    // in the network of this machine, the server opens its ports directly and publishes none
    container.setExposedPorts(List.of());
    container.setLogConsumers(List.of());
    // the caller waits for the server, and reads its log if it ends
    container.waitingFor(new NoWait());
    container.setStartupCheckStrategy(new NoCheck());
  }

  /** Starts the container, also after it has ended. */
  void start() {
    if (container.getContainerId() == null) {
      container.start();
    } else {
      container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    }
    following = follow();
  }

  private LogFile follow() {
    try {
      var following = new LogFile(log);
      container
          .getDockerClient()
          .logContainerCmd(container.getContainerId())
          .withStdOut(true)
          .withStdErr(true)
          .withFollowStream(true)
          .exec(following);
      return following;
    } catch (IOException e) {
      throw StackFailure.writing(log, e);
    }
  }

  @Override
  public boolean isAlive() {
    var alive = Boolean.TRUE.equals(state().getRunning());
    if (!alive) {
      awaitLog();
    }
    return alive;
  }

  @Override
  public long pid() {
    var pid = state().getPidLong();
    return pid == null ? 0 : pid;
  }

  private ContainerState state() {
    return container
        .getDockerClient()
        .inspectContainerCmd(container.getContainerId())
        .exec()
        .getState();
  }

  /** Stops the container. The image defines the signal, so the argument is not used. */
  @Override
  public void stop(RunningServer.Signal signal, Duration limit) {
    try {
      container
          .getDockerClient()
          .stopContainerCmd(container.getContainerId())
          .withTimeout((int) limit.toSeconds())
          .exec();
    } catch (NotModifiedException e) {
      // it has ended
    }
    awaitLog();
  }

  @Override
  public void kill() {
    try {
      container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    } catch (ConflictException e) {
      // it has ended
    }
    Waiting.until(KILL_LIMIT, Duration.ofMillis(5), () -> !isAlive());
  }

  /** Waits until the log contains the complete output. */
  private void awaitLog() {
    if (following == null) {
      return;
    }
    try {
      following.awaitCompletion(LOG_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Appends the output of a container. The engine repeats all output since the first start, so the
   * part that is already in the file is skipped.
   */
  private static final class LogFile extends ResultCallback.Adapter<Frame> {
    private final OutputStream file;
    private long known;

    LogFile(Path log) throws IOException {
      Files.createDirectories(log.toAbsolutePath().getParent());
      known = Files.exists(log) ? Files.size(log) : 0;
      file = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public void onNext(Frame frame) {
      var bytes = frame.getPayload();
      var left = (int) Math.min(known, bytes.length);
      known -= left;
      try {
        file.write(bytes, left, bytes.length - left);
      } catch (IOException e) {
        onError(e);
      }
    }

    @Override
    public void close() throws IOException {
      super.close();
      file.close();
    }
  }

  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }

  private static final class NoCheck extends StartupCheckStrategy {
    @Override
    public StartupStatus checkStartupState(DockerClient client, String containerId) {
      return StartupStatus.SUCCESSFUL;
    }
  }
}
