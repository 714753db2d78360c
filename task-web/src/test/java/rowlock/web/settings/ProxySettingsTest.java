/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.settings.InvalidSettingException;

class ProxySettingsTest {

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example.org", "10.1", "10.0.0.0/33", "*", "0.0.0.0/0", "::/0"})
  void whatIsNoNetworkOfSomebodyIsRefusedByItsName(String network) {
    assertThatThrownBy(() -> new ProxySettings(List.of(network)))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("ROWLOCK_TRUSTED_PROXIES");
  }

  @Test
  void anAddressAndANetworkAreFoundAgain() {
    var networks = new ProxySettings(List.of("10.0.0.7", "2001:db8::/32")).networks();

    assertThat(networks.contains(InetAddress.ofLiteral("10.0.0.7"))).isTrue();
    assertThat(networks.contains(InetAddress.ofLiteral("2001:db8::1"))).isTrue();
    assertThat(networks.contains(InetAddress.ofLiteral("10.0.0.8"))).isFalse();
  }
}
