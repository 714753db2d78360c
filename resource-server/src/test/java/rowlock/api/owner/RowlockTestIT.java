/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.security.core.context.SecurityContextHolder;
import rowlock.api.test.RowlockClient;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;
import rowlock.api.test.TestIssuer;
import rowlock.probe.ProbeApplication;

/** The test kit with the real filters. */
@RowlockTest(
    classes = ProbeApplication.class,
    properties = "rowlock.public.url=https://api.example.org")
class RowlockTestIT {
  private @Autowired RowlockClient client;
  private @Autowired TestDatabase database;
  private @Autowired TestIssuer issuer;
  private @Autowired Environment environment;

  @Test
  void application_hasTheDatabaseTheIssuerAndTheTestsOwnSettings() {
    assertThat(environment.getProperty("rowlock.db.url")).isEqualTo(database.url());
    assertThat(environment.getProperty("rowlock.issuer")).isEqualTo(issuer.url());
    assertThat(environment.getProperty("rowlock.public.url")).isEqualTo("https://api.example.org");
  }

  @Test
  void request_ofAnOwner_isAuthenticated() {
    var owner = client.as(UUID.randomUUID());

    assertThat(client.send(client.request("/api/me/unknown")).statusCode()).isEqualTo(401);
    assertThat(owner.get("/api/me/unknown").statusCode()).isEqualTo(404);
  }

  @Test
  void run_returnsTheResultOfCodeThatRunsAsTheOwner() {
    var owner = client.as(UUID.randomUUID());

    var seen = owner.run(Owner::current);
    var name = owner.run(() -> SecurityContextHolder.getContext().getAuthentication().getName());

    assertThat(seen.id()).isEqualTo(owner.owner());
    assertThat(name).isEqualTo(owner.owner().toString());
    assertThat(Owner.isBound()).isFalse();
  }

  @Test
  void run_throwsWhatTheCodeThrows() {
    var owner = client.as(UUID.randomUUID());
    var checked = new IOException("checked");

    assertThatThrownBy(
            () ->
                owner.run(
                    () -> {
                      throw checked;
                    }))
        .isSameAs(checked);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> owner.run(() -> assertThat(owner.owner()).isNull()));
  }

  @Test
  void run_ofARejectedRequest_failsWithTheAnswer() {
    var ran = new AtomicBoolean();
    var expired = client.as(UUID.randomUUID(), claims -> claims.put("exp", 1));

    assertThatThrownBy(() -> expired.run(() -> ran.set(true)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("401");
    assertThat(ran).isFalse();
  }
}
