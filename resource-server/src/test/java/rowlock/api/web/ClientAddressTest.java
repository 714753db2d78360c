/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.catalina.util.NetMaskSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.field.FieldReport;
import rowlock.limit.ClientAddress;

class ClientAddressTest {
  private final ClientAddress address = trusting("10.1.0.0/16", "192.0.2.7", "2001:db8:9::/48");

  @FieldReport("https://github.com/everruns/everruns/issues/2643")
  @ParameterizedTest(name = "{0} saying {1} is {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        // peer | X-Forwarded-For | client
        "10.1.0.1 | 203.0.113.5 | 203.0.113.5",
        "10.1.255.255 | 203.0.113.5 | 203.0.113.5",
        "192.0.2.7 | 203.0.113.5 | 203.0.113.5",
        "2001:db8:9:1::1 | 2001:db8:1::5 | 2001:db8:1:0:0:0:0:5",
        "0:0:0:0:0:ffff:a01:1 | 203.0.113.5 | 203.0.113.5",
        // strangers
        "10.2.0.1 | 203.0.113.5 | 10.2.0.1",
        "192.0.2.8 | 203.0.113.5 | 192.0.2.8",
        "2001:db8:8::1 | 203.0.113.5 | 2001:db8:8::1",
        // a chain: the last hop that is not trusted, whatever the client wrote in front of it
        "10.1.0.1 | 203.0.113.5, 192.0.2.7 | 203.0.113.5",
        "10.1.0.1 | 203.0.113.5,10.1.4.4,2001:db8:9::3 | 203.0.113.5",
        "10.1.0.1 | 198.51.100.1, 203.0.113.5, 192.0.2.7 | 203.0.113.5",
        "10.1.0.1 | 10.1.9.9, 203.0.113.5 | 203.0.113.5",
        "10.1.0.1 | 10.1.9.9, 192.0.2.7 | 10.1.9.9",
        // ports, as some proxies add them
        "10.1.0.1 | 203.0.113.5:4711 | 203.0.113.5",
        "10.1.0.1 | [2001:db8:1::5]:4711 | 2001:db8:1:0:0:0:0:5",
        "10.1.0.1 | [2001:db8:1::5] | 2001:db8:1:0:0:0:0:5",
        // one spelling
        "10.1.0.1 | 2001:DB8:1:0::05 | 2001:db8:1:0:0:0:0:5",
        "10.1.0.1 | ::ffff:203.0.113.5 | 203.0.113.5",
        "10.1.0.1 | fe80::5%eth0 | fe80:0:0:0:0:0:0:5",
        // garbage behind the last known hop
        "10.1.0.1 | unknown | 10.1.0.1",
        "10.1.0.1 | 203.0.113.5, unknown | 10.1.0.1",
        "10.1.0.1 | unknown, 192.0.2.7 | 192.0.2.7",
        "10.1.0.1 | '' | 10.1.0.1",
        "10.1.0.1 | ',' | 10.1.0.1",
        "10.1.0.1 | '203.0.113.5,' | 10.1.0.1"
      })
  void nearestUntrustedHop_isTheClient(String peer, String forwarded, String client) {
    assertThat(of(peer, forwarded)).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "example.org",
        "a.b.c.d",
        "10.1",
        "2130706433",
        "0x7f.0.0.1",
        "256.1.1.1",
        "1.2.3.4.5",
        "203.0.113.5/32",
        "203.0.113.5 203.0.113.6",
        ":",
        ":::",
        "1::2::3",
        "[",
        "[]",
        "[2001:db8::1",
        "-",
        "\"203.0.113.5\"",
        "for=203.0.113.5",
        "203.0.113.5\u0000",
        "203.0.113.5\u00a0",
        "\u0662\u0660\u0663.0.113.5",
        "${jndi:ldap://203.0.113.5}",
        "<script>"
      })
  void invalidAddress_isIgnored(String garbage) {
    assertThat(of("10.1.0.1", garbage)).isEqualTo("10.1.0.1");
    assertThat(of("10.1.0.1", "203.0.113.5, " + garbage)).isEqualTo("10.1.0.1");
  }

  @Test
  void aLongHeaderIsReadFromItsEnd() {
    assertThat(of("10.1.0.1", "10.1.0.2,".repeat(1_000) + "203.0.113.5")).isEqualTo("203.0.113.5");
    assertThat(of("10.1.0.1", "203.0.113.5" + ",10.1.0.2".repeat(1_000))).isEqualTo("203.0.113.5");
    assertThat(of("10.1.0.1", "1".repeat(8_000))).isEqualTo("10.1.0.1");
  }

  @Test
  void severalHeaderLinesAreOneList() {
    assertThat(of("10.1.0.1", "203.0.113.5", "192.0.2.7")).isEqualTo("203.0.113.5");
    assertThat(of("10.1.0.1", "192.0.2.7", "203.0.113.5")).isEqualTo("203.0.113.5");
  }

  @Test
  void withoutAHeaderTheProxyIsTheClient() {
    assertThat(of("10.1.0.1")).isEqualTo("10.1.0.1");
  }

  @Test
  void withoutTrustedProxies_headerIsIgnored() {
    var trustingNone = trusting();
    assertThat(trustingNone.of("127.0.0.1", Collections.enumeration(List.of("203.0.113.5"))))
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "::1, true",
    "10.0.0.1, true",
    "172.16.0.1, true",
    "192.168.1.1, true",
    "fd00::1, true",
    "fe80::1%eth0, true",
    "203.0.113.5, false",
    "2001:db8::1, false",
    "proxy, false"
  })
  void privateAddress_isRecognized(String peer, boolean inside) {
    assertThat(ClientAddress.isPrivate(peer)).isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(strings = {":", ",", "1.", " ", "[", "a:1,", "203.0.113.5,"})
  void aLongHeaderIsReadInLinearTime(String part) {
    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThat(of("192.0.2.7", part.repeat(100_000) + "x")).isEqualTo("192.0.2.7"));
  }

  private static ClientAddress trusting(String... networks) {
    var trusted = new NetMaskSet();
    List.of(networks).forEach(trusted::add);
    return new ClientAddress(trusted::contains);
  }

  private String of(String peer, String... forwarded) {
    return address.of(peer, Collections.enumeration(List.of(forwarded)));
  }
}
