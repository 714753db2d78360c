/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.browser;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Duration;
import java.util.List;

/** SQL of the known browsers. Times are the database's, in seconds since 1970. */
final class BrowserTable {
  /** A browser that was not used for this time counts as new. */
  static final Duration AGE = Duration.ofDays(180);

  /** Maximum number of browsers of an account; the least recently used is removed first. */
  static final int MAX_BROWSERS = 20;

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

  /** Returns whether the account was ever signed in to; expired rows count. */
  boolean hasAny(String realm, String user) {
    return count(query(HAS_ANY, realm).setParameter("user", user));
  }

  /** Returns the digests of the browsers of an account, at most {@value #MAX_BROWSERS}. */
  List<String> digests(String realm, String user) {
    List<?> rows = query(DIGESTS, realm).setParameter("user", user).getResultList();
    return rows.stream().map(String::valueOf).toList();
  }

  /** Stores a browser, and removes expired and surplus ones. */
  void save(String realm, String user, String digest) {
    query(SEEN, realm).setParameter("user", user).setParameter("digest", digest).executeUpdate();
    query(TRIM, realm)
        .setParameter("user", user)
        .setParameter("age", AGE.toSeconds())
        .setParameter("most", MAX_BROWSERS)
        .executeUpdate();
  }

  /** Extends the life of a browser; writes at most once a day. */
  void touch(String realm, String user, String digest) {
    query(USED_TODAY, realm)
        .setParameter("user", user)
        .setParameter("digest", digest)
        .executeUpdate();
  }

  /**
   * Makes all browsers of an account count as new. The account still counts as signed in to before.
   */
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
