/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;
import rowlock.settings.ClientSettings;
import rowlock.settings.InvalidSettingException;
import rowlock.settings.Variables;

class SettingsTest {
  private final MockEnvironment environment =
      new MockEnvironment()
          .withProperty("rowlock.issuer", "https://login.example.org/realms/r")
          .withProperty("spring.application.name", "task-api");

  @Test
  void theDefaultsAreSafe() {
    var settings = tokens();
    assertThat(settings.audience()).isEqualTo("task-api");
    assertThat(settings.algorithms()).containsExactly("PS256");
    assertThat(settings.maxLifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.cache()).isTrue();
    assertThat(settings.jwksUri()).isNull();
    var server = ServerSettings.from(new Variables(environment));
    assertThat(server.port()).isEqualTo(8081);
    assertThat(server.managementPort()).isEqualTo(8082);
    assertThat(server.publicUrl()).hasToString("http://localhost:8081");
    assertThat(server.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(server.managementBindAddress()).isEqualTo("127.0.0.1");
    assertThat(clients().trustedProxies()).isEmpty();
    assertThat(clients().failuresPerMinute()).isEqualTo(1_000);
    assertThat(clients().logLinesPerMinute()).isEqualTo(600);
    assertThat(events())
        .isEqualTo(
            new EventSettings(null, Duration.ofSeconds(30), Duration.ofMinutes(2), false, null));
  }

  @ParameterizedTest
  @CsvSource({
    "      ,    ,    P7D,   P7D",
    "0     ,    ,    PT0S,  PT0S",
    "P30D  , 1d ,    P30D,  P1D",
    "36h   , 0  ,    PT36H, PT0S",
    "0s    , 7d ,    PT0S,  P7D"
  })
  void retentionPeriodsAreDurations(
      String retention, String selfDeleted, Duration expected, Duration expectedSelfDeleted) {
    set("rowlock.erasure.retention", retention);
    set("rowlock.erasure.retention.self.deleted", selfDeleted);
    assertThat(ErasureSettings.from(new Variables(environment)))
        .isEqualTo(new ErasureSettings(expected, expectedSelfDeleted));
  }

  private void set(String property, String value) {
    if (value != null) {
      environment.setProperty(property, value);
    }
  }

  /** A number without a unit would be milliseconds. */
  @ParameterizedTest
  @ValueSource(strings = {"7", "-1d", "366d", "a week", "P7", "-0", "00"})
  void invalidRetentionPeriod_stopsTheStart(String value) {
    for (var property : new String[] {"retention", "retention.self.deleted"}) {
      var wrong = new MockEnvironment().withProperty("rowlock.erasure." + property, value);
      assertThatThrownBy(() -> ErasureSettings.from(new Variables(wrong)))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessage(
              "ROWLOCK_ERASURE_%s must be 0 or a duration with its unit, at most 365d, such as 7d, 36h or P7D.",
              property.toUpperCase(java.util.Locale.ROOT).replace('.', '_'));
    }
  }

  @Test
  void managementListensWhereThePublicPortDoesUnlessItIsSet() {
    environment.setProperty("rowlock.bind.address", "0.0.0.0");
    assertThat(ServerSettings.from(new Variables(environment)).managementBindAddress())
        .isEqualTo("0.0.0.0");
    environment.setProperty("rowlock.management.bind.address", "::1");
    assertThat(ServerSettings.from(new Variables(environment)).managementBindAddress())
        .isEqualTo("0:0:0:0:0:0:0:1");
  }

  @Test
  void origins_areParsed() {
    assertThat(cors().origins()).isEmpty();
    environment.setProperty(
        "rowlock.cors.origins", "https://app.example.org, http://localhost:3000");
    assertThat(cors().origins())
        .containsExactlyInAnyOrder("https://app.example.org", "http://localhost:3000");
  }

  @Test
  void proxiesAreAddressesAndNetworks() {
    environment.setProperty(
        "rowlock.trusted.proxies", "10.0.0.7, 192.168.3.0/24,2001:db8::/32 ,::1");
    assertThat(clients().trustedProxies())
        .containsExactly("10.0.0.7", "192.168.3.0/24", "2001:db8::/32", "::1");
    environment.setProperty("rowlock.trusted.proxies", "");
    assertThat(clients().trustedProxies()).isEmpty();
  }

  @Test
  void theEnvironmentIsReadByItsOwnNames() {
    var real = new StandardEnvironment();
    real.getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                "systemEnvironment",
                java.util.Map.of(
                    "ROWLOCK_ISSUER", "http://localhost:8080/realms/rowlock",
                    "ROWLOCK_AUDIENCE", "task-api",
                    "ROWLOCK_JWKS_URI", "http://127.0.0.1:8080/certs",
                    "ROWLOCK_TOKEN_ALGORITHMS", "PS256, ES256",
                    "ROWLOCK_TOKEN_LIFETIME", "5m")));
    var settings = TokenSettings.from(new Variables(real));
    assertThat(settings.issuer()).isEqualTo("http://localhost:8080/realms/rowlock");
    assertThat(settings.jwksUri()).hasToString("http://127.0.0.1:8080/certs");
    assertThat(settings.algorithms()).containsExactlyInAnyOrder("PS256", "ES256");
    assertThat(settings.maxLifetime()).isEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "login.example.org",
        "/realms/r",
        "ftp://login.example.org",
        "https://",
        "https://login.example.org/r?x=1",
        "https://login.example.org/r#x",
        "https://user@login.example.org/r",
        "https://login example.org",
        "http://login.example.org/realms/r",
        "http://127.0.0.1.example.org/realms/r"
      })
  void anIssuerThatIsNoSafeAbsoluteUrlIsRefused(String issuer) {
    environment.setProperty("rowlock.issuer", issuer);
    assertThatThrownBy(this::tokens)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith("ROWLOCK_ISSUER ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:8080/r", "http://127.0.0.1/r", "http://[::1]:8080/r"})
  void plainHttpIsForThisMachine(String issuer) {
    environment.setProperty("rowlock.issuer", issuer);
    assertThat(tokens().issuer()).isEqualTo(issuer);
  }

  @Test
  void plainHttpToAnotherMachine_needsSetting() {
    environment
        .withProperty("rowlock.issuer", "http://keycloak:8080/realms/r")
        .withProperty("rowlock.http.allowed", "true");
    assertThat(tokens().issuer()).isEqualTo("http://keycloak:8080/realms/r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rowlock.jwks.uri|http://keys.example.org/certs|ROWLOCK_JWKS_URI",
        "rowlock.jwks.uri|certs|ROWLOCK_JWKS_URI",
        "rowlock.audience|two words|ROWLOCK_AUDIENCE",
        "rowlock.token.algorithms|HS256|ROWLOCK_TOKEN_ALGORITHMS",
        "rowlock.token.algorithms|none|ROWLOCK_TOKEN_ALGORITHMS",
        "rowlock.token.algorithms|PS256,HS256|ROWLOCK_TOKEN_ALGORITHMS",
        "rowlock.token.algorithms|EdDSA|ROWLOCK_TOKEN_ALGORITHMS",
        "rowlock.token.algorithms|''|ROWLOCK_TOKEN_ALGORITHMS",
        "rowlock.token.lifetime|1s|ROWLOCK_TOKEN_LIFETIME",
        "rowlock.token.lifetime|30d|ROWLOCK_TOKEN_LIFETIME",
        "rowlock.token.lifetime|long|ROWLOCK_TOKEN_LIFETIME",
        "rowlock.token.size|100|ROWLOCK_TOKEN_SIZE",
        "rowlock.token.size|100000|ROWLOCK_TOKEN_SIZE",
        "rowlock.token.size|large|ROWLOCK_TOKEN_SIZE",
        "rowlock.clock.skew|6m|ROWLOCK_CLOCK_SKEW",
        "rowlock.clock.skew|-1s|ROWLOCK_CLOCK_SKEW",
        "rowlock.token.cache|maybe|ROWLOCK_TOKEN_CACHE",
        "rowlock.api.port|http|ROWLOCK_API_PORT",
        "rowlock.api.port|70000|ROWLOCK_API_PORT",
        "rowlock.api.management.port|8081|ROWLOCK_API_MANAGEMENT_PORT",
        "rowlock.bind.address|localhost|ROWLOCK_BIND_ADDRESS",
        "rowlock.bind.address|*|ROWLOCK_BIND_ADDRESS",
        "rowlock.bind.address|127.0.0.256|ROWLOCK_BIND_ADDRESS",
        "rowlock.management.bind.address|api.example.org|ROWLOCK_MANAGEMENT_BIND_ADDRESS",
        "rowlock.public.url|api.example.org|ROWLOCK_PUBLIC_URL",
        "rowlock.failed.authentications.per.minute|0|ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE",
        "rowlock.failed.authentications.per.minute|-1|ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE",
        "rowlock.failed.authentications.per.minute|many|ROWLOCK_FAILED_AUTHENTICATIONS_PER_MINUTE",
        "rowlock.security.log.lines.per.minute|0|ROWLOCK_SECURITY_LOG_LINES_PER_MINUTE",
        "rowlock.trusted.proxies|proxy.example.org|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.0.0.0/8,proxy|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.1|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.0.0.0/33|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.0.0.0/x|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.0.0.0/-1|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.0.0.256|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|2001:db8::/129|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|10.0.0.1;.*|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|0.0.0.0/0|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|::/0|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.trusted.proxies|*|ROWLOCK_TRUSTED_PROXIES",
        "rowlock.events.poll.uri|http://keycloak:8080/changes|ROWLOCK_EVENTS_POLL_URI",
        "rowlock.events.poll.uri|keycloak|ROWLOCK_EVENTS_POLL_URI",
        "rowlock.events.poll.interval|0s|ROWLOCK_EVENTS_POLL_INTERVAL",
        "rowlock.events.poll.interval|1h|ROWLOCK_EVENTS_POLL_INTERVAL",
        "rowlock.events.poll.interval|often|ROWLOCK_EVENTS_POLL_INTERVAL",
        "rowlock.events.poll.interval|90s|ROWLOCK_EVENTS_SILENCE",
        "rowlock.events.silence|59s|ROWLOCK_EVENTS_SILENCE",
        "rowlock.events.silence|2d|ROWLOCK_EVENTS_SILENCE",
        "rowlock.events.fail.closed|maybe|ROWLOCK_EVENTS_FAIL_CLOSED",
        "rowlock.client.key.file|/nowhere/key.pem|ROWLOCK_CLIENT_KEY_FILE",
        "rowlock.cors.origins|*|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|https://*.example.org|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|null|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|http://app.example.org|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|https://app.example.org/|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|https://app.example.org:443|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|HTTPS://App.example.org|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|app.example.org|ROWLOCK_CORS_ORIGINS",
        "rowlock.cors.origins|https://app.example.org,https://a.example.org/b|ROWLOCK_CORS_ORIGINS"
      })
  void wrongSetting_isReportedByItsVariable(String property, String value, String variable) {
    environment.setProperty(property, value);
    assertThatThrownBy(
            () -> {
              tokens();
              ServerSettings.from(new Variables(environment));
              clients();
              events();
              cors();
            })
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(variable + " ");
  }

  @Test
  void theApplicationMustNotOwnItsTables() {
    environment
        .withProperty("rowlock.db.url", "jdbc:postgresql://localhost/app")
        .withProperty("rowlock.db.user", "same")
        .withProperty("rowlock.db.password", "secret one")
        .withProperty("rowlock.db.migration.user", "same")
        .withProperty("rowlock.db.migration.password", "secret two");
    assertThatThrownBy(() -> DatabaseSettings.from(new Variables(environment)))
        .hasMessageStartingWith("ROWLOCK_DB_USER ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aPasswordIsNeverPrinted() {
    assertThat(
            new DatabaseSettings(
                "jdbc:postgresql://h/d", "app", "secret one", "own", "secret two", 1))
        .asString()
        .doesNotContain("secret");
  }

  @Test
  void theLedgerHasALoginOfItsOwn() {
    environment
        .withProperty("rowlock.db.url", "jdbc:postgresql://localhost/app")
        .withProperty("rowlock.db.user", "app")
        .withProperty("rowlock.db.password", "secret one")
        .withProperty("rowlock.db.migration.user", "own")
        .withProperty("rowlock.db.migration.password", "secret two");
    var settings = DatabaseSettings.from(new Variables(environment));
    assertThat(settings.ledgerUser()).isEqualTo("app_ledger");
    assertThat(settings.ledgerPassword()).isEqualTo("secret one");
    for (var wrong : new String[] {"app", "own", "x".repeat(64)}) {
      environment.setProperty("rowlock.db.ledger.user", wrong);
      assertThatThrownBy(() -> DatabaseSettings.from(new Variables(environment)))
          .hasMessageStartingWith("ROWLOCK_DB_LEDGER_USER ");
    }
  }

  private EventSettings events() {
    return EventSettings.from(new Variables(environment));
  }

  private ClientSettings clients() {
    return ClientSettings.from(new Variables(environment));
  }

  private TokenSettings tokens() {
    return TokenSettings.from(new Variables(environment));
  }

  private CorsSettings cors() {
    return CorsSettings.from(new Variables(environment));
  }

  @Test
  void anApiWithoutAName_needsAnAudience() {
    var nameless =
        new MockEnvironment().withProperty("rowlock.issuer", "https://login.example.org/realms/r");
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> TokenSettings.from(new Variables(nameless)))
        .withMessageStartingWith("ROWLOCK_AUDIENCE is missing");
  }
}
