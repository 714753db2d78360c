/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import rowlock.settings.ClientSettings;
import rowlock.settings.InvalidSettingException;

class ClientAddressesTest {
  @ParameterizedTest
  @ValueSource(strings = {"proxy.example.org", "10.1", "10.0.0.0/33", "*", "0.0.0.0/0", "::/0"})
  void invalidNetwork_isRefusedByItsVariable(String network) {
    assertThatThrownBy(() -> with(network))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("ROWLOCK_TRUSTED_PROXIES");
  }

  @Test
  void addressAndNetwork_areRecognized() {
    var addresses = with("10.0.0.7", "2001:db8::/32");

    assertThat(addresses.trusts("10.0.0.7")).isTrue();
    assertThat(addresses.trusts("2001:db8::1")).isTrue();
    assertThat(addresses.trusts("10.0.0.8")).isFalse();
  }

  @Test
  void of_forwardedRequest_isTheClientOnlyIfTheProxyIsTrusted() {
    var addresses = with("10.0.0.7");

    assertThat(addresses.of(request("10.0.0.7"))).isEqualTo("203.0.113.9");
    assertThat(addresses.of(request("10.0.0.8"))).isEqualTo("10.0.0.8");
  }

  private static MockHttpServletRequest request(String peer) {
    var request = new MockHttpServletRequest();
    request.setRemoteAddr(peer);
    request.addHeader("X-Forwarded-For", "203.0.113.9");
    return request;
  }

  private static ClientAddresses with(String... proxies) {
    return new ClientAddresses(new ClientSettings(List.of(proxies), 1_000, 600));
  }
}
