/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rowlock.limit.ClientBlock;
import rowlock.settings.ClientSettings;

class FailureBudgetTest {
  private static final int BUDGET = 60;
  private static final String CLIENT = "192.0.2.1";

  private final AtomicLong nanos = new AtomicLong();
  private final FailureBudget budget =
      new FailureBudget(new ClientSettings(List.of(), BUDGET, 600), nanos::get);

  @Test
  void budget_allowsConfiguredNumberOfFailures() {
    spend(CLIENT, BUDGET - 1);
    assertThat(budget.untilNext(CLIENT)).isZero();
    spend(CLIENT, 1);
    assertThat(budget.untilNext(CLIENT)).isPositive();
  }

  @Test
  void afterTheWait_oneFailureIsAllowed() {
    spend(CLIENT, BUDGET);
    var wait = budget.untilNext(CLIENT);
    assertThat(wait).isEqualTo(Duration.ofSeconds(1));

    pass(wait.minusMillis(1));
    assertThat(budget.untilNext(CLIENT)).isPositive();
    pass(Duration.ofMillis(1));
    assertThat(budget.untilNext(CLIENT)).isZero();
    spend(CLIENT, 1);
    assertThat(budget.untilNext(CLIENT)).isPositive();
  }

  @Test
  void afterAMinute_budgetIsFull() {
    spend(CLIENT, BUDGET);
    pass(Duration.ofMinutes(1));
    spend(CLIENT, BUDGET - 1);
    assertThat(budget.untilNext(CLIENT)).isZero();

    pass(Duration.ofHours(1));
    spend(CLIENT, BUDGET);
    assertThat(budget.untilNext(CLIENT)).isPositive();
  }

  @Test
  void failuresOverBudget_doNotExtendTheWait() {
    spend(CLIENT, 10 * BUDGET);
    assertThat(budget.untilNext(CLIENT)).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.2",
    "192.0.2.1, 2001:db8::1",
    "192.0.2.1, ::192.0.2.1",
    "192.0.2.1, unknown",
    "2001:db8:0:1::1, 2001:db8:0:2::1",
    "2001:db8::1, 2001:db8:1::1"
  })
  void otherNetworks_haveSeparateBudgets(String spender, String other) {
    spend(spender, BUDGET);
    assertThat(budget.untilNext(spender)).isPositive();
    assertThat(budget.untilNext(other)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 2001:db8::2",
    "2001:db8::1, 2001:DB8:0:0:ffff:ffff:ffff:ffff",
    "fe80::1%eth0, fe80::1%eth1",
    "192.0.2.1, ::ffff:192.0.2.1",
    "unknown, other"
  })
  void addressesOfOneNetwork_shareABudget(String spender, String same) {
    spend(spender, BUDGET);
    assertThat(budget.untilNext(same)).isPositive();
  }

  @Test
  void manyNetworksOfASite_shareItsBudget() {
    var let = 0;
    for (var line = 0; line < 65_536; line++) {
      var address = "2001:db8:7:" + Integer.toHexString(line) + "::1";
      if (budget.untilNext(address).isZero()) {
        let++;
        spend(address, 1);
      }
    }
    assertThat(let).isEqualTo(10 * BUDGET);
    assertThat(budget.untilNext("2001:db8:8::1")).isZero();
  }

  @Test
  void exhaustedBudget_isKeptBesideTensOfThousands() {
    spend(CLIENT, BUDGET);
    for (var i = 0; i < 20_000; i++) {
      spend("10.0." + (i >> 8) + "." + (i & 255), 1);
    }
    assertThat(budget.untilNext(CLIENT)).isPositive();
  }

  @Test
  void query_createsNoBudget() {
    assertThat(budget.untilNext(null)).isZero();
    spend("", BUDGET);
    assertThat(budget.untilNext(null)).isPositive();
  }

  private void spend(String address, int failures) {
    for (var i = 0; i < failures; i++) {
      budget.spend(ClientBlock.of(address));
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
