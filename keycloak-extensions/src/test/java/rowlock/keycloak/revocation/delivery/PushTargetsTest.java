/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushTargetsTest {
  private static final String SETTING = "the-setting";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:a00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1"
      })
  void specialAddress_isRejectedUnlessListed(String address) throws UnknownHostException {
    var resolved = InetAddress.getByName(address);
    var url =
        URI.create("https://" + (address.contains(":") ? "[" + address + "]" : address) + "/");

    for (var list : new String[] {null, "", "public", "api.example.org,public"}) {
      var targets = PushTargets.parse(SETTING, list);
      assertThat(targets.isAllowed("api.other.org", resolved)).as("by %s", list).isFalse();
      assertThat(targets.mayAllow(url)).as("by %s", list).isFalse();
    }
    if (resolved.getHostAddress().equals(address)) {
      assertThat(PushTargets.parse(SETTING, address).mayAllow(url)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.255.255",
        "172.32.0.1",
        "192.167.255.255",
        "192.169.0.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2606:4700::1111",
        "2a00:1450::1"
      })
  void publicAddress_isAllowedByDefault(String address) throws UnknownHostException {
    var resolved = InetAddress.getByName(address);
    assertThat(PushTargets.parse(SETTING, null).isAllowed("api.example.org", resolved)).isTrue();
    assertThat(PushTargets.parse(SETTING, "10.0.0.0/8").isAllowed("api.example.org", resolved))
        .as("with a list that does not have it")
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "api-inside,            api-inside,        10.1.2.3,        true",
    "api-inside,            API-Inside.,       10.1.2.3,        true",
    "Api.Example.Org.,      api.example.org,   192.168.1.1,     true",
    "api-inside,            api-inside,        127.0.0.1,       true",
    "api-inside,            api-inside,        93.184.216.34,   true",
    "api-inside,            api-inside,        169.254.169.254, false",
    "api-inside,            api-inside,        fe80::1,         false",
    "api-inside,            api-inside,        0.0.0.0,         false",
    "api-inside,            api-inside,        ::,              false",
    "api-inside,            api-inside,        224.0.0.1,       false",
    "api-inside,            xapi-inside,       10.1.2.3,        false",
    "api-inside,            api-inside.evil,   10.1.2.3,        false",
    "10.1.0.0/16,           any.example,       10.1.2.3,        true",
    "10.1.0.0/16,           any.example,       10.2.0.1,        false",
    "169.254.169.254,       metadata,          169.254.169.254, true",
    "fd00::/8,              any.example,       fd00::1,         true",
    "'public, api-inside',  api-inside,        10.1.2.3,        true",
    "'public, api-inside',  other,             10.1.2.3,        false",
    "'public, api-inside',  other,             93.184.216.34,   true",
  })
  void list_allowsItsEntries(String list, String host, String address, boolean allowed)
      throws UnknownHostException {
    assertThat(PushTargets.parse(SETTING, list).isAllowed(host, InetAddress.getByName(address)))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "api,,other",
        "*",
        "*.example.org",
        "http://api",
        "api:8081",
        "10.0.0.0/33",
        "10.0.0/8",
        "fd00::/129",
        "1.2.3",
        "0x7f.1",
        "127.1",
        "a b",
        "-api",
        "[::1]"
      })
  void invalidEntry_stopsTheStart(String list) {
    assertThatThrownBy(() -> PushTargets.parse(SETTING, list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(SETTING);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "public", "api-inside", "10.0.0.0/8"})
  void nameOrUrl_isDecidedWithoutALookUp(String list) {
    var targets =
        PushTargets.parse(SETTING, list)
            .with(
                host -> {
                  throw new AssertionError(host);
                });
    assertThat(targets.mayAllow(URI.create("https://api-inside/events"))).isTrue();
    assertThat(targets.mayAllow(URI.create("https://127.0.0.1/events"))).isFalse();
  }

  @Test
  void nameThatNoEntryCanAllow_isRefusedWhenSaved() {
    var targets = PushTargets.parse(SETTING, "api-inside");
    assertThat(targets.mayAllow(URI.create("https://other/events"))).isFalse();
    assertThat(targets.mayAllow(URI.create("https://API-INSIDE./events"))).isTrue();
  }

  @Test
  void blockedHost_messageNamesNoAddress() {
    var targets =
        PushTargets.parse(SETTING, null)
            .with(host -> new InetAddress[] {InetAddress.getByName("10.1.2.3")});
    assertThatThrownBy(() -> targets.resolve("inside"))
        .isInstanceOf(PushTargets.BlockedException.class)
        .hasMessage("inside is not an allowed push target");
  }
}
