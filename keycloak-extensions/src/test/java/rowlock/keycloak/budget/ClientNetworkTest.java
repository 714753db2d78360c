/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientNetworkTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7",
    "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
    "2001:db8:1:2::1, 20010db800010002/64",
    "2001:DB8:1:2:ffff::, 20010db800010002/64",
    "[2001:db8:1:2::1], 20010db800010002/64",
    "2001:db8:1:3::1, 20010db800010003/64",
    "fe80::1%eth0, fe80000000000000/64",
    "::1, 0000000000000000/64",
    "::ffff:192.0.2.7, 192.0.2.7",
    "64:ff9b::192.0.2.7, 192.0.2.7",
    "64:ff9b::c000:207, 192.0.2.7",
    "64:ff9b:1::c000:207, 0064ff9b00010000/64",
  })
  void ipv4IsItsOwnKey_ipv6HasTheKeyOfItsNetwork(String address, String key) {
    assertThat(ClientNetwork.of(address)).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({"unknown", "_hidden", "999.1.1.1", "2001:db8::1::2", "localhost", "dead.beef"})
  void of_invalidAddress_isItsOwnKeyWithoutDns(String text) {
    assertThat(ClientNetwork.of(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {":", "a", "1.", "[", "%", "::ffff:"})
  void of_longTexts_shareOneKeyInLinearTime(String part) {
    var text = part.repeat(100_000) + "x";
    assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          assertThat(ClientNetwork.of(text)).isEmpty();
          assertThat(NetworkList.parse("setting", "::/0").contains(text)).isFalse();
        });
  }

  @Test
  void siteOf_ipv4_isEmpty() {
    assertThat(ClientNetwork.siteOf("2001:db8:1:2::1")).isEqualTo("20010db80001/48");
    assertThat(ClientNetwork.siteOf("192.0.2.7")).isNull();
    assertThat(ClientNetwork.siteOf("64:ff9b::192.0.2.7")).isNull();
    assertThat(ClientNetwork.siteOf("unknown")).isNull();
  }

  @Test
  void of_missingAddress_sharesOneKey() {
    assertThat(ClientNetwork.of(null)).isEmpty();
  }
}
