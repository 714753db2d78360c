/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import rowlock.api.isolation.MigratedDatabase;
import rowlock.api.owner.Owner;
import rowlock.api.revocation.Change.Kind;

/**
 * Events about one user, in any order and with repetitions, leave the same ledger as in order. The
 * ledger admits the tokens that a simple model of the history admits.
 */
class LedgerOrderIT {
  private static final int HISTORIES = 60;
  private static final int ORDERS = 4;
  private static final List<String> SESSIONS = List.of("s0", "s1");
  private static final List<String> CLIENTS = List.of("c0", "c1");

  private static final Set<Kind> REMOVING =
      EnumSet.of(Kind.ACCOUNT_PURGED, Kind.ACCOUNT_PURGED_BY_USER);
  private static final Set<Kind> CREATING = EnumSet.of(Kind.ACCOUNT_CREATED);
  private static final Set<Kind> ENABLING = EnumSet.of(Kind.ACCOUNT_ENABLED, Kind.ACCOUNT_CREATED);

  private static MigratedDatabase database;
  private static JdbcTemplate superuser;
  private static Ledger ledger;

  private final long start = Instant.now().getEpochSecond() - 60;

  /** An event about a user. */
  private record Happened(String id, Instant at, Kind kind, String session, String client) {}

  @BeforeAll
  static void migrate() {
    database = MigratedDatabase.create(1);
    ledger = new Ledger(database.ledger().statements(), Duration.ofMinutes(12), Retentions.WEEK);
    superuser = new JdbcTemplate(database.superuser());
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @Test
  void anyOrderWithRepetitionsLeavesTheSameLedger() {
    var seed = new Random().nextLong();
    var random = new Random(seed);
    for (var i = 0; i < HISTORIES; i++) {
      var history = history(random);
      List<List<Boolean>> answers = new ArrayList<>();
      answers.add(expected(history));
      answers.add(ledgerAfter(history));
      for (var order = 0; order < ORDERS; order++) {
        List<Happened> shuffled = new ArrayList<>(history);
        history.stream().filter(event -> random.nextBoolean()).forEach(shuffled::add);
        Collections.shuffle(shuffled, random);
        answers.add(ledgerAfter(shuffled));
      }
      assertThat(answers).as("seed %d, history %s", seed, history).containsOnly(answers.getFirst());
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "SESSION_ENDED",
        "CLIENT_SESSION_ENDED",
        "ACCOUNT_SESSIONS_ENDED",
        "ACCOUNT_DISABLED",
        "ALL_SESSIONS_ENDED"
      })
  void lateEvent_doesNotRevertNewerOnes(Kind kind) {
    // long ago, so that the end of everybody's is none of the other tests' business
    var then = 1_000_000L;
    var user = UUID.randomUUID();
    var session = user + "s";
    var change =
        kind == Kind.SESSION_ENDED
            ? Change.ofSession(session)
            : new Change(kind, session, "c", user);
    ledger.apply(user + "newer", Instant.ofEpochSecond(then + 10), change);
    ledger.apply(user + "older", Instant.ofEpochSecond(then), change);
    if (kind == Kind.ACCOUNT_DISABLED) {
      ledger.apply(
          user + "on",
          Instant.ofEpochSecond(then + 20),
          Change.ofAccount(Kind.ACCOUNT_ENABLED, user));
    }
    assertThat(isLetIn(user, session, "c", then + 5)).isFalse();
    assertThat(isLetIn(user, session, "c", then + 11)).isTrue();
  }

  private List<Happened> history(Random random) {
    var kinds = Kind.values();
    List<Happened> history = new ArrayList<>();
    var length = 1 + random.nextInt(7);
    for (var i = 0; i < length; i++) {
      var kind = kinds[random.nextInt(kinds.length)];
      if (kind == Kind.ALL_SESSIONS_ENDED || (REMOVING.contains(kind) && random.nextInt(2) > 0)) {
        kind = Kind.ACCOUNT_ENABLED; // the gate of the realm is not this user's
      }
      history.add(
          new Happened(
              "e" + i,
              Instant.ofEpochSecond(start + random.nextInt(10), random.nextInt(2) * 500_000_000L),
              kind,
              SESSIONS.get(random.nextInt(2)),
              CLIENTS.get(random.nextInt(2))));
    }
    return history;
  }

  /** Sends all events about a new user, and returns which tokens are admitted. */
  private List<Boolean> ledgerAfter(List<Happened> history) {
    var user = UUID.randomUUID();
    for (var event : history) {
      var session = user + event.session();
      Change change =
          switch (event.kind()) {
            case SESSION_ENDED -> Change.ofSession(session);
            case CLIENT_SESSION_ENDED -> Change.ofClientSession(session, event.client());
            case NONE -> Change.NONE;
            default -> Change.ofAccount(event.kind(), user);
          };
      ledger.apply(user + event.id(), event.at(), change);
    }
    List<Boolean> letIn = new ArrayList<>();
    tokens((session, client, iat) -> letIn.add(isLetIn(user, user + session, client, iat)));
    letIn.add(awaitsErasure(user));
    return letIn;
  }

  /** A simple model of the contract. */
  private List<Boolean> expected(List<Happened> history) {
    List<Boolean> letIn = new ArrayList<>();
    tokens(
        (session, client, iat) -> {
          var cut =
              history.stream()
                  .anyMatch(
                      event ->
                          switch (event.kind()) {
                            case SESSION_ENDED ->
                                event.session().equals(session)
                                    && iat <= event.at().getEpochSecond();
                            case CLIENT_SESSION_ENDED ->
                                event.session().equals(session)
                                    && event.client().equals(client)
                                    && iat <= event.at().getEpochSecond();
                            case ACCOUNT_SESSIONS_ENDED -> iat <= event.at().getEpochSecond();
                            case ACCOUNT_DISABLED ->
                                iat <= event.at().getEpochSecond()
                                    || !isFollowedBy(event, ENABLING, history);
                            case ACCOUNT_PURGED, ACCOUNT_PURGED_BY_USER ->
                                iat <= event.at().getEpochSecond()
                                    || !isFollowedBy(event, CREATING, history);
                            default -> false;
                          });
          letIn.add(!cut);
        });
    letIn.add(
        history.stream()
            .anyMatch(
                event ->
                    REMOVING.contains(event.kind()) && !isFollowedBy(event, CREATING, history)));
    return letIn;
  }

  private static boolean isFollowedBy(Happened event, Set<Kind> kinds, List<Happened> history) {
    return history.stream()
        .anyMatch(later -> kinds.contains(later.kind()) && later.at().isAfter(event.at()));
  }

  private static boolean awaitsErasure(UUID user) {
    return superuser.queryForObject(
        "select exists (select from rowlock.account_gate where sub = ? and erase_after is not null)",
        Boolean.class,
        user);
  }

  private interface Token {
    void of(String session, String client, long issuedAt);
  }

  private void tokens(Token token) {
    for (var session : SESSIONS) {
      for (var client : CLIENTS) {
        for (var iat = start - 1; iat <= start + 10; iat++) {
          token.of(session, client, iat);
        }
      }
    }
  }

  private static boolean isLetIn(UUID user, String session, String client, long issuedAt) {
    return new Owner(user, session, client, Instant.ofEpochSecond(issuedAt))
        .call(
            () -> {
              try {
                JdbcClient.create(database.dataSource()).sql("select 1").query().singleValue();
                return true;
              } catch (RuntimeException e) {
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                  if (cause instanceof SQLException sql && "TA401".equals(sql.getSQLState())) {
                    return false;
                  }
                }
                throw e;
              }
            });
  }
}
