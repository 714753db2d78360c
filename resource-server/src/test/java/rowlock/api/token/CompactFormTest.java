/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.api.audit.Refusal;
import rowlock.api.test.TestIssuer;

class CompactFormTest {
  private static final RSAKey KEY = TestIssuer.newKey("key-1");
  private static final String HEADER = "{\"alg\":\"PS256\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}";
  private static final String TOKEN = TestIssuer.signRaw(KEY, HEADER, "{\"sub\":\"x\"}");

  @Test
  void whenCanonical_thenParsed() {
    assertThat(CompactForm.read(TOKEN)).isInstanceOf(Verdict.Accepted.class);
  }

  static Stream<Arguments> spellings() {
    var parts = TOKEN.split("\\.");
    return Stream.of(
        spelling("empty", ""),
        spelling("one part", parts[0]),
        spelling("two parts", parts[0] + "." + parts[1]),
        spelling("four parts", TOKEN + "." + parts[2]),
        spelling("empty signature", parts[0] + "." + parts[1] + "."),
        spelling("empty payload", parts[0] + ".." + parts[2]),
        spelling("empty header", "." + parts[1] + "." + parts[2]),
        spelling("padding", TOKEN + "="),
        spelling("padding inside", parts[0] + "=." + parts[1] + "." + parts[2]),
        spelling("blank inside", parts[0] + ". " + parts[1] + "." + parts[2]),
        spelling("line end", TOKEN + "\n"),
        spelling("leading blank", " " + TOKEN),
        spelling("standard alphabet", TOKEN.substring(0, TOKEN.length() - 4) + "+/AA"),
        spelling("foreign letter", TOKEN.substring(0, TOKEN.length() - 1) + "é"),
        spelling("impossible length", parts[0] + "." + parts[1] + ".AAAAA"),
        spelling("unused bits of 2", parts[0] + "." + parts[1] + ".AB"),
        spelling("unused bits of 3", parts[0] + "." + parts[1] + ".AAB"));
  }

  private static Arguments spelling(String name, String token) {
    return Arguments.of(Named.of(name, token));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void row3_whenNotTheOneCanonicalSpelling_thenMalformed(String token) {
    assertThat(reason(token)).isEqualTo(Refusal.MALFORMED_TOKEN);
  }

  @Test
  void row3_theLastCharacterOfARealSignatureHasOneSpellingOnly() {
    // 256 bytes end in a character of which 4 bits are unused: 15 other letters decode alike.
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    var last = TOKEN.charAt(TOKEN.length() - 1);
    var twin = alphabet.charAt(alphabet.indexOf(last) + 1);
    var twiddled = TOKEN.substring(0, TOKEN.length() - 1) + twin;
    assertThat(Base64.getUrlDecoder().decode(twiddled.split("\\.")[2]))
        .isEqualTo(Base64.getUrlDecoder().decode(TOKEN.split("\\.")[2]));
    assertThat(reason(twiddled)).isEqualTo(Refusal.MALFORMED_TOKEN);
  }

  @Test
  void row3_overTheLimit_isRefusedUnread() {
    assertThat(reason("A".repeat(4097))).isEqualTo(Refusal.TOKEN_TOO_LONG);
    assertThat(reason("A".repeat(4096))).isEqualTo(Refusal.MALFORMED_TOKEN);
    assertThat(CompactForm.read(TOKEN, TOKEN.length())).isInstanceOf(Verdict.Accepted.class);
    assertThat(CompactForm.read(TOKEN, TOKEN.length() - 1)).isInstanceOf(Verdict.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"text\"",
        "{}{}",
        "{} x",
        "{\"kid\":\"a\",\"kid\":\"b\"}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{'kid':'a'}",
        "{\"kid\":\"a\",}",
        "\uFEFF{}",
        "{/**/}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":[[[[[[[[[[1]]]]]]]]]]}"
      })
  void row12_whenHeaderOrPayloadIsNoStrictJsonObject_thenRefused(String json) {
    var asHeader = TestIssuer.signRaw(KEY, json.isEmpty() ? " " : json, "{}");
    var asPayload = TestIssuer.signRaw(KEY, HEADER, json.isEmpty() ? " " : json);
    assertThat(reason(asHeader)).isEqualTo(Refusal.MALFORMED_JSON);
    assertThat(accepted(asPayload).claims()).isNull();
  }

  @Test
  void row12_whenNotUtf8_thenRefused() {
    var parts = TOKEN.split("\\.");
    var broken = encode(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'});
    var utf16 = encode("{\"sub\":\"x\"}".getBytes(StandardCharsets.UTF_16BE));
    for (var part : new String[] {broken, utf16}) {
      assertThat(reason(part + "." + parts[1] + "." + parts[2])).isEqualTo(Refusal.MALFORMED_JSON);
      assertThat(accepted(parts[0] + "." + part + "." + parts[2]).claims()).isNull();
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static CompactForm accepted(String token) {
    return ((Verdict.Accepted<CompactForm>) CompactForm.read(token)).value();
  }

  private static Refusal reason(String token) {
    return ((Verdict.Refused<CompactForm>) CompactForm.read(token)).reason();
  }
}
