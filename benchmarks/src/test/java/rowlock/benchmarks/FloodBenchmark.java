/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.context.ConfigurableApplicationContext;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;
import rowlock.product.Applications;

/**
 * Measures a valid request for a page of tasks, over HTTP and with a real database, while a
 * thousand requests per second are refused. All processes share one machine, so the flood without a
 * token shows the cost of a thousand requests alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 3, time = 5)
public class FloodBenchmark {
  /** The kind of refused requests. */
  public enum Flood {
    NONE,
    NO_TOKEN,
    /** A well-formed token with another unknown key id each time. */
    UNKNOWN_KEYS
  }

  private static final long PAUSE = 1_000_000; // nanoseconds: a thousand requests per second
  private static final int AT_ONCE = 100;

  @Param public Flood flood;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final RSAKey key = TestIssuer.newKey("key");
  private final AtomicInteger unexpected = new AtomicInteger();
  private volatile boolean ending;
  private TestIssuer issuer;
  private ConfigurableApplicationContext api;
  private String token;
  private HttpRequest good;
  private Thread others;

  /** Starts the database, the API and the flood. */
  @Setup
  public void start() throws Exception {
    issuer = new TestIssuer().publish(key);
    var postgres = TestServers.postgres();
    var database = "flood_" + UUID.randomUUID().toString().replace("-", "");
    postgres.createDatabase(database);
    api =
        Applications.taskApi(
            List.of(
                "--rowlock.issuer=" + issuer.url(),
                "--rowlock.db.url=" + postgres.jdbcUrl(database),
                "--rowlock.db.user=" + database + "_app",
                "--rowlock.db.password=" + UUID.randomUUID(),
                "--rowlock.db.migration.user=" + postgres.superuser(),
                "--rowlock.db.migration.password=" + postgres.superuserPassword(),
                "--rowlock.failed.authentications.per.minute=1000000",
                "--rowlock.api.port=0",
                "--rowlock.api.management.port=0"));
    token = issuer.token(key, UUID.randomUUID());
    good = request(token);
    while (status(good) != 200) {
      LockSupport.parkNanos(PAUSE);
    }
    others = Thread.ofPlatform().daemon().start(this::send);
  }

  /** Stops everything, and checks that the flood was refused. */
  @TearDown
  public void stop() throws InterruptedException {
    ending = true;
    others.join();
    api.close();
    issuer.close();
    http.close();
    if (unexpected.get() > 0) {
      throw new IllegalStateException(unexpected + " requests did not get 401");
    }
  }

  @Benchmark
  public int goodRequest() {
    var status = status(good);
    if (status != 200) {
      throw new IllegalStateException("A valid token got " + status);
    }
    return status;
  }

  private void send() {
    var room = new Semaphore(AT_ONCE);
    try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      var due = System.nanoTime();
      for (var i = 0; flood != Flood.NONE && !ending; i++) {
        due += PAUSE;
        LockSupport.parkNanos(due - System.nanoTime());
        var bad = request(flood == Flood.NO_TOKEN ? null : unknownKey(i));
        room.acquireUninterruptibly();
        requests.execute(
            () -> {
              unexpected.addAndGet(status(bad) == 401 ? 0 : 1);
              room.release();
            });
      }
    }
  }

  /** Returns the valid token with another key id. */
  private String unknownKey(int number) {
    var header = TestIssuer.header(key);
    header.put("kid", "unknown-" + number);
    return Base64URL.encode(JSONObjectUtils.toJSONString(header))
        + token.substring(token.indexOf('.'));
  }

  private HttpRequest request(@Nullable String credential) {
    var port = api.getEnvironment().getRequiredProperty("local.server.port");
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/me/tasks"));
    return credential == null
        ? request.build()
        : request.header("Authorization", "Bearer " + credential).build();
  }

  /** Returns the status of the response, or 0 if there is none. */
  private int status(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
