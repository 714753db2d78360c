/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Duration;
import java.util.List;

/** The SQL. Times are the database's, in seconds since 1970. */
final class BrowserTable {
  /** A browser that was not used for so long is new again. */
  static final Duration AGE = Duration.ofDays(180);

  /** For each account; the one that was used the longest ago goes first. */
  static final int MOST = 20;

  private static final String IS_KNOWN =
      """
      select count(*) from {h-schema}rowlock_browser
      where realm_id = :realm and user_id = :user and digest = :digest
        and seen_at > cast(extract(epoch from now()) as bigint) - :age
      """;

  private static final String HAS_ANY =
      """
      select count(*) from {h-schema}rowlock_browser where realm_id = :realm and user_id = :user
      """;

  private static final String DIGESTS =
      """
      select digest from {h-schema}rowlock_browser where realm_id = :realm and user_id = :user
      """;

  private static final String SEEN =
      """
      insert into {h-schema}rowlock_browser (realm_id, user_id, digest, seen_at)
      values (:realm, :user, :digest, cast(extract(epoch from now()) as bigint))
      on conflict (realm_id, user_id, digest) do update set seen_at = excluded.seen_at
      """;

  private static final String USED_TODAY =
      """
      update {h-schema}rowlock_browser set seen_at = cast(extract(epoch from now()) as bigint)
      where realm_id = :realm and user_id = :user and digest = :digest
        and seen_at < cast(extract(epoch from now()) as bigint) - 86400
      """;

  private static final String FORGET =
      """
      update {h-schema}rowlock_browser set seen_at = 0 where realm_id = :realm and user_id = :user
      """;

  private static final String TRIM =
      """
      delete from {h-schema}rowlock_browser
      where realm_id = :realm and user_id = :user and (
        seen_at <= cast(extract(epoch from now()) as bigint) - :age
        or digest not in (
          select digest from {h-schema}rowlock_browser
          where realm_id = :realm and user_id = :user
          order by seen_at desc, digest limit :most))
      """;

  private static final String ERASE_USER =
      """
      delete from {h-schema}rowlock_browser where realm_id = :realm and user_id = :user
      """;

  private static final String ERASE_REALM =
      """
      delete from {h-schema}rowlock_browser where realm_id = :realm
      """;

  private final EntityManager entities;

  BrowserTable(EntityManager entities) {
    this.entities = entities;
  }

  boolean isKnown(String realm, String user, String digest) {
    return count(
        query(IS_KNOWN, realm)
            .setParameter("user", user)
            .setParameter("digest", digest)
            .setParameter("age", AGE.toSeconds()));
  }

  /** Whether the account was ever signed in to; rows that are too old count, too. */
  boolean hasAny(String realm, String user) {
    return count(query(HAS_ANY, realm).setParameter("user", user));
  }

  /** Returns those of all browsers of an account, at most {@value #MOST}. */
  List<String> digests(String realm, String user) {
    List<?> rows = query(DIGESTS, realm).setParameter("user", user).getResultList();
    return rows.stream().map(String::valueOf).toList();
  }

  /** Remembers a browser, and forgets those that are too old or too many. */
  void seen(String realm, String user, String digest) {
    query(SEEN, realm).setParameter("user", user).setParameter("digest", digest).executeUpdate();
    query(TRIM, realm)
        .setParameter("user", user)
        .setParameter("age", AGE.toSeconds())
        .setParameter("most", MOST)
        .executeUpdate();
  }

  /** Keeps the browser for longer; writes once a day. */
  void usedToday(String realm, String user, String digest) {
    query(USED_TODAY, realm)
        .setParameter("user", user)
        .setParameter("digest", digest)
        .executeUpdate();
  }

  /** Makes all browsers of an account new again, but not its next sign-in its first. */
  void forget(String realm, String user) {
    query(FORGET, realm).setParameter("user", user).executeUpdate();
  }

  void eraseUser(String realm, String user) {
    query(ERASE_USER, realm).setParameter("user", user).executeUpdate();
  }

  void eraseRealm(String realm) {
    query(ERASE_REALM, realm).executeUpdate();
  }

  private static boolean count(Query query) {
    return ((Number) query.getSingleResult()).longValue() > 0;
  }

  private Query query(String sql, String realm) {
    return entities.createNativeQuery(sql).setParameter("realm", realm);
  }
}
