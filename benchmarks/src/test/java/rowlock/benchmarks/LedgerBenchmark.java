/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.isolation.BenchmarkDatabase;
import rowlock.api.owner.Owner;

/**
 * Measures reading one row with an empty ledger and with 100,000 sessions and 10,000 accounts in
 * it. Each statement is compared with the same one on a connection without an owner, which neither
 * reads the ledger nor sees a row. All run in one process.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class LedgerBenchmark {
  private static final String READ = "select title from api.task where owner_id = :owner";

  private final Owner owner =
      new Owner(UUID.randomUUID(), UUID.randomUUID().toString(), "client", Instant.now());
  private BenchmarkDatabase empty;
  private BenchmarkDatabase full;
  private JdbcClient besideEmpty;
  private JdbcClient besideFull;
  private JdbcClient bare;

  /** Creates both databases. */
  @Setup
  public void start() {
    empty = BenchmarkDatabase.create();
    full = BenchmarkDatabase.create();
    besideEmpty = JdbcClient.create(empty.dataSource());
    besideFull = JdbcClient.create(full.dataSource());
    bare = JdbcClient.create(empty.bare());
    for (var database : new BenchmarkDatabase[] {empty, full}) {
      database.asSuperuser(
          "insert into api.task (owner_id, title) values ('" + owner.id() + "', 'Milk')");
    }
    readBesideFullLedger(); // prepares its plans while the ledger is empty, as in a long-running
    // server
    full.asSuperuser(
        "insert into rowlock.revoked_session (sid, expires_at)"
            + " select gen_random_uuid(), now() + interval '1 hour' from generate_series(1, 100000)",
        "insert into rowlock.account_gate (sub, not_before, expires_at)"
            + " select gen_random_uuid(), now(), now() + interval '1 hour'"
            + " from generate_series(1, 10000)");
  }

  /** Deletes both databases. */
  @TearDown
  public void stop() {
    empty.close();
    full.close();
  }

  @Benchmark
  public String readBesideEmptyLedger() {
    return read(besideEmpty);
  }

  @Benchmark
  public String readBesideFullLedger() {
    return read(besideFull);
  }

  /** Row security hides the row. */
  @Benchmark
  public int readWithoutLedger() {
    return bare.sql(READ).param("owner", owner.id()).query(String.class).list().size();
  }

  private String read(JdbcClient database) {
    return owner.call(
        () -> database.sql(READ).param("owner", owner.id()).query(String.class).single());
  }
}
