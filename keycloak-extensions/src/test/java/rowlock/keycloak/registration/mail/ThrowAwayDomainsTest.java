/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThrowAwayDomainsTest {
  private static final Set<String> NONE = Set.of();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x@mailinator.com", "x@MAILINATOR.com", "x@mailinator.com.", "x@sub.sub.mailinator.com",
        "x@yopmail.com", "x@guerrillamail.com", "\"a@b\"@mailinator.com", "x@ｍａｉｌｉｎａｔｏｒ.com",
        "x@mailinator。com"
      })
  void isThrowAway_anySpelling_isTrue(String address) {
    assertThat(isThrowAway(bundled(), address)).isTrue();
  }

  /** The most common mail providers, and forwarding services to permanent mailboxes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.co.jp",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "freenet.de",
        "posteo.de",
        "mailbox.org",
        "orange.fr",
        "free.fr",
        "laposte.net",
        "libero.it",
        "wp.pl",
        "o2.pl",
        "seznam.cz",
        "mail.ru",
        "yandex.ru",
        "qq.com",
        "163.com",
        "126.com",
        "naver.com",
        "daum.net",
        "rediffmail.com",
        "uol.com.br",
        "comcast.net",
        "verizon.net",
        "zoho.com",
        "139.com",
        "fastmail.com",
        "hey.com",
        "tutanota.com",
        "example.org",
        "example.com",
        "mozmail.com",
        "abc.mozmail.com",
        "duck.com",
        "privaterelay.appleid.com",
        "simplelogin.com",
        "bund.de",
        "ox.ac.uk",
        "mit.edu",
        "xn--bcher-kva.example"
      })
  void isThrowAway_ordinaryProvider_isFalse(String domain) {
    assertThat(isThrowAway(bundled(), "user@" + domain)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"mailinator.com.example.org", "notmailinator.com.example", "xmailinator.example"})
  void isThrowAway_similarDomain_isFalse(String domain) {
    assertThat(isThrowAway(bundled(), "user@" + domain)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"x@[192.0.2.1]", "x@localhost", "nothing", "''", "x@", "x@..", "x@a..b"})
  void ofAddress_withoutDomain_isNull(String address) {
    assertThat(MailDomain.ofAddress(address)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.", "a", ".", "\u00e4", "\u00e4.", "-", "\u3002"})
  void ofAddress_longText_isNullInLinearTime(String part) {
    assertTimeout(
        Duration.ofSeconds(5),
        () -> assertThat(MailDomain.ofAddress("x@" + part.repeat(100_000) + "org")).isNull());
  }

  @Test
  void isThrowAway_allowedDomains_takePrecedence() {
    var domain = Objects.requireNonNull(MailDomain.of("sub.mailinator.com"));
    var own = Objects.requireNonNull(MailDomain.of("sub.burner.example"));

    assertThat(bundled().isThrowAway(domain, Set.of("mailinator.com"), Set.of("mailinator.com")))
        .isFalse();
    assertThat(bundled().isThrowAway(own, NONE, Set.of("burner.example"))).isTrue();
    assertThat(bundled().isThrowAway(own, Set.of("sub.burner.example"), Set.of("burner.example")))
        .isFalse();
  }

  @Test
  void open_operatorsFile_addsToOrReplacesTheList() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("own.txt"), "# ours\nburner.example # asked for\n\nBÜCHER.example\n");

    var more = ThrowAwayDomains.open("s", file.toString(), false);
    var instead = ThrowAwayDomains.open("s", file.toString(), true);

    assertThat(isThrowAway(more, "x@sub.burner.example")).isTrue();
    assertThat(isThrowAway(more, "x@xn--bcher-kva.example")).isTrue();
    assertThat(isThrowAway(more, "x@mailinator.com")).isTrue();
    assertThat(isThrowAway(instead, "x@burner.example")).isTrue();
    assertThat(isThrowAway(instead, "x@mailinator.com")).isFalse();
    assertThat(instead.description()).startsWith("2 in own.txt of 2");
    assertThat(more.description()).contains(" domains of 20", ", 2 in own.txt of 2");
  }

  @Test
  void open_invalidFile_failsWithTheLine() throws IOException {
    var file = Files.writeString(folder.resolve("own.txt"), "burner.example\nno domain\n");

    assertThatThrownBy(() -> ThrowAwayDomains.open("the-setting", file.toString(), false))
        .hasMessage("the-setting: " + file + " has an invalid domain in line 2");
  }

  @Test
  void isThrowAway_everyBundledDomain_isTrue() {
    var list = DomainList.resource("/rowlock/keycloak/registration/throw-away-domains.txt");

    assertThat(list.size()).isGreaterThan(100_000);
    assertThat(new String(list.toBytes(), US_ASCII).lines())
        .allMatch(list::contains)
        .allMatch(domain -> domain.contains("."));
  }

  private static ThrowAwayDomains bundled() {
    return ThrowAwayDomains.open("s", null, false);
  }

  private static boolean isThrowAway(ThrowAwayDomains domains, String address) {
    return domains.isThrowAway(Objects.requireNonNull(MailDomain.ofAddress(address)), NONE, NONE);
  }
}
