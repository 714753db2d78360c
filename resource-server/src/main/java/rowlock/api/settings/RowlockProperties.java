/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of the engine, from which the build generates the metadata that editors complete
 * and explain {@code application.yaml} with. The variable {@code ROWLOCK_DB_POOL_SIZE} is the
 * property {@code rowlock.db.pool.size}.
 *
 * <p>The settings records read the values, because their messages name the variable and say what to
 * set.
 */
final class RowlockProperties {
  private RowlockProperties() {}

  /**
   * The issuer and the network.
   *
   * @param issuer Exact issuer of the tokens. Required.
   * @param audience Value that the audience of a token must contain. Default:
   *     spring.application.name.
   */
  @ConfigurationProperties("rowlock")
  record Root(String issuer, @Nullable String audience) {}

  /**
   * The issuer's keys.
   *
   * @param uri Address of the issuer's keys. Default: the one in the metadata of the issuer.
   */
  @ConfigurationProperties("rowlock.jwks")
  record Jwks(@Nullable URI uri) {}

  /**
   * Plain http.
   *
   * @param allowed Whether keys and events may be fetched over plain http from other machines.
   */
  @ConfigurationProperties("rowlock.http")
  record Http(@DefaultValue("false") boolean allowed) {}

  /**
   * Access tokens.
   *
   * @param algorithms Accepted signature algorithms, asymmetric ones only.
   * @param clients Clients whose tokens are accepted. Default: every client of the issuer.
   * @param lifetime Maximum lifetime of an accepted token.
   * @param size Maximum size of an accepted token in bytes, from 2048 to 65536.
   * @param cache Whether the claims of verified tokens are remembered until they expire.
   */
  @ConfigurationProperties("rowlock.token")
  record Token(
      @DefaultValue("PS256") Set<String> algorithms,
      @Nullable Set<String> clients,
      @DefaultValue("10m") Duration lifetime,
      @DefaultValue("8192") int size,
      @DefaultValue("true") boolean cache) {}

  /**
   * The scopes that routes require.
   *
   * @param enforced Whether requests whose token lacks the scope of the route are refused. If not,
   *     they are only counted.
   */
  @ConfigurationProperties("rowlock.scopes")
  record Scopes(@DefaultValue("true") boolean enforced) {}

  /**
   * The clock.
   *
   * @param skew How far times in a token may lie in the future, up to 5m.
   */
  @ConfigurationProperties("rowlock.clock")
  record Clock(@DefaultValue("60s") Duration skew) {}

  /**
   * The API.
   *
   * @param name Name of the API in its description. Default: spring.application.name.
   * @param description One sentence about the API in its description. Default: a general one.
   * @param port Public port. 0 lets the operating system choose.
   */
  @ConfigurationProperties("rowlock.api")
  record Api(@Nullable String name, @Nullable String description, @DefaultValue("8081") int port) {}

  /**
   * Health and metrics.
   *
   * @param port Port of health and metrics.
   */
  @ConfigurationProperties("rowlock.api.management")
  record ApiManagement(@DefaultValue("8082") int port) {}

  /**
   * The address of the public port.
   *
   * @param address IP address that the public port is opened on.
   */
  @ConfigurationProperties("rowlock.bind")
  record Bind(@DefaultValue("127.0.0.1") String address) {}

  /**
   * The address of health and metrics.
   *
   * @param address IP address that the port of health and metrics is opened on. Default: the value
   *     of rowlock.bind.address.
   */
  @ConfigurationProperties("rowlock.management.bind")
  record ManagementBind(@Nullable String address) {}

  /**
   * The public address.
   *
   * @param url Address that clients use. Default: localhost with the public port.
   */
  @ConfigurationProperties("rowlock.public")
  record Public(@Nullable URI url) {}

  /**
   * The database.
   *
   * @param url JDBC URL of a PostgreSQL database. Required.
   * @param user Login that serves requests. Required.
   * @param password Password of the login that serves requests. Required.
   * @param schema Schema of the tables of the application.
   */
  @ConfigurationProperties("rowlock.db")
  record Db(String url, String user, String password, @DefaultValue("public") String schema) {}

  /**
   * The login that writes the revocation ledger.
   *
   * @param user Login that writes the revocation ledger. Default: the value of rowlock.db.user with
   *     the suffix _ledger.
   * @param password Its password. Default: the value of rowlock.db.password.
   */
  @ConfigurationProperties("rowlock.db.ledger")
  record DbLedger(@Nullable String user, @Nullable String password) {}

  /**
   * The login that migrates at the start.
   *
   * @param user Login that creates the tables at the start. Required.
   * @param password Its password. Required.
   * @param url JDBC URL of the same database without a connection pooler. Default: the value of
   *     rowlock.db.url.
   */
  @ConfigurationProperties("rowlock.db.migration")
  record DbMigration(String user, String password, @Nullable String url) {}

  /**
   * The pool of connections.
   *
   * @param size Connections of the login that serves requests, from 1 to 1000.
   */
  @ConfigurationProperties("rowlock.db.pool")
  record DbPool(@DefaultValue("8") int size) {}

  /**
   * Events of the issuer.
   *
   * @param silence Time without an event or response after which the issuer is silent.
   */
  @ConfigurationProperties("rowlock.events")
  record Events(@DefaultValue("2m") Duration silence) {}

  /**
   * Fail-closed mode.
   *
   * @param closed Whether requests are answered 503 while the issuer is silent.
   * @param closed Whether requests are answered 503 while the issuer is silent.
   */
  @ConfigurationProperties("rowlock.events.fail")
  record EventsFail(@DefaultValue("false") boolean closed) {}

  /**
   * The poll of events.
   *
   * @param uri Address to poll events from. Default: below the issuer.
   * @param interval Interval between polls, from 1s to 10m.
   */
  @ConfigurationProperties("rowlock.events.poll")
  record EventsPoll(@Nullable URI uri, @DefaultValue("30s") Duration interval) {}

  /**
   * The keys of this API.
   *
   * @param file Private keys that authenticate this API to the issuer. Default: a key generated at
   *     the start.
   */
  @ConfigurationProperties("rowlock.client.key")
  record ClientKey(@Nullable Path file) {}

  /**
   * Rows of removed accounts.
   *
   * @param retention Time for which the rows of a removed account are kept, inaccessible, until
   *     they are erased. 0 erases them with the removal.
   */
  @ConfigurationProperties("rowlock.erasure")
  record Erasure(@DefaultValue("7d") Duration retention) {}

  /**
   * Rows of accounts that their own users removed.
   *
   * @param deleted The same for accounts that were deleted by their own users. Default: the value
   *     of rowlock.erasure.retention.
   */
  @ConfigurationProperties("rowlock.erasure.retention.self")
  record ErasureRetentionSelf(@Nullable Duration deleted) {}

  /**
   * The shutdown.
   *
   * @param delay Time between the loss of readiness and the shutdown, up to 5m.
   */
  @ConfigurationProperties("rowlock.shutdown")
  record Shutdown(@DefaultValue("0s") Duration delay) {}

  /**
   * Proxies.
   *
   * @param proxies Addresses and networks of proxies whose X-Forwarded-For is believed. Default:
   *     none.
   */
  @ConfigurationProperties("rowlock.trusted")
  record Trusted(@Nullable List<String> proxies) {}

  /**
   * CORS.
   *
   * @param origins Origins whose scripts may call the API in a browser. Default: none.
   */
  @ConfigurationProperties("rowlock.cors")
  record Cors(@Nullable Set<String> origins) {}

  /**
   * The budget of failed authentications.
   *
   * @param minute Failed authentications that one client address may cause in a minute.
   */
  @ConfigurationProperties("rowlock.failed.authentications.per")
  record FailedAuthenticationsPer(@DefaultValue("1000") int minute) {}

  /**
   * The security log.
   *
   * @param minute Lines of the security log in a minute.
   */
  @ConfigurationProperties("rowlock.security.log.lines.per")
  record SecurityLogLinesPer(@DefaultValue("600") int minute) {}
}
