/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import rowlock.api.ApiServer;
import rowlock.api.test.RowlockClient;

/** While scopes are not enforced, requests without them are counted. */
@Import(RequiredScopeIT.Parcels.class)
@TestPropertySource(properties = {"rowlock.test.scopes=true", "rowlock.scopes.enforced=false"})
class ScopesNotEnforcedIT extends ApiServer {
  @Autowired private RowlockClient client;
  @Autowired private MeterRegistry metrics;

  @Test
  void missingScope_isCountedAndAdmitted() {
    var without = client.as(UUID.randomUUID(), claims -> claims.remove("scope"));
    assertThat(without.post("/parcels", "{}").statusCode()).isEqualTo(201);
    assertThat(without.get("/parcels/mistake").statusCode()).isEqualTo(200);
    assertThat(without.get("/parcels").body()).isEqualTo("2");

    assertThat(admitted("parcels.write")).isEqualTo(1);
    assertThat(admitted("parcels.read")).isEqualTo(2);
  }

  private double admitted(String scope) {
    return metrics.counter("rowlock.scope.missing", "scope", scope, "outcome", "admitted").count();
  }
}
