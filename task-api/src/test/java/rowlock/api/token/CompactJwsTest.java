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

class CompactJwsTest {

  private static final RSAKey KEY = TestIssuer.newKey("key-1");
  private static final String HEADER = "{\"alg\":\"PS256\",\"typ\":\"at+jwt\",\"kid\":\"key-1\"}";
  private static final String TOKEN = TestIssuer.signRaw(KEY, HEADER, "{\"sub\":\"x\"}");

  @Test
  void whenCanonical_thenParsed() {
    assertThat(CompactJws.parse(TOKEN)).isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void row4_theLongMediaTypeAndAnyCaseAreTheSameType() {
    assertThat(CompactJws.parse(withHeader("\"typ\":\"application/AT+JWT\"")))
        .isInstanceOf(Verdict.Accepted.class);
  }

  static Stream<Arguments> spellings() {
    String[] parts = TOKEN.split("\\.");
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
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = TOKEN.charAt(TOKEN.length() - 1);
    char twin = alphabet.charAt(alphabet.indexOf(last) + 1);
    String twiddled = TOKEN.substring(0, TOKEN.length() - 1) + twin;
    assertThat(Base64.getUrlDecoder().decode(twiddled.split("\\.")[2]))
        .isEqualTo(Base64.getUrlDecoder().decode(TOKEN.split("\\.")[2]));
    assertThat(reason(twiddled)).isEqualTo(Refusal.MALFORMED_TOKEN);
  }

  @Test
  void row3_whenLongerThan4096_thenRefusedUnread() {
    assertThat(reason("A".repeat(4097))).isEqualTo(Refusal.TOKEN_TOO_LONG);
    assertThat(reason("A".repeat(4096))).isEqualTo(Refusal.MALFORMED_TOKEN);
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
        "{/**/}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":[[[[[[[[[[1]]]]]]]]]]}"
      })
  void row12_whenHeaderOrPayloadIsNoStrictJsonObject_thenRefused(String json) {
    String asHeader = TestIssuer.signRaw(KEY, json.isEmpty() ? " " : json, "{}");
    String asPayload = TestIssuer.signRaw(KEY, HEADER, json.isEmpty() ? " " : json);
    assertThat(reason(asHeader)).isEqualTo(Refusal.MALFORMED_JSON);
    assertThat(reason(asPayload)).isEqualTo(Refusal.MALFORMED_JSON);
  }

  @Test
  void row12_whenNotUtf8_thenRefused() {
    String[] parts = TOKEN.split("\\.");
    String broken = encode(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'});
    String utf16 = encode("{\"sub\":\"x\"}".getBytes(StandardCharsets.UTF_16BE));
    assertThat(reason(parts[0] + "." + broken + "." + parts[2])).isEqualTo(Refusal.MALFORMED_JSON);
    assertThat(reason(parts[0] + "." + utf16 + "." + parts[2])).isEqualTo(Refusal.MALFORMED_JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"typ\":\"JWT\"",
        "\"typ\":\"at+jwtx\"",
        "\"typ\":\"logout+jwt\"",
        "\"typ\":\"secevent+jwt\"",
        "\"typ\":\"dpop+jwt\"",
        "\"typ\":1",
        "\"typ\":null",
        "\"nothing\":1"
      })
  void row4_whenTheTypeIsNotAccessToken_thenRefused(String type) {
    assertThat(reason(withHeader(type))).isEqualTo(Refusal.WRONG_TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"crit\":[\"b64\"],\"b64\":false", "\"crit\":[]", "\"b64\":false"})
  void row13_whenCriticalExtensions_thenRefused(String member) {
    assertThat(reason(withHeader("\"typ\":\"at+jwt\"," + member)))
        .isEqualTo(Refusal.CRITICAL_HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jwk", "jku", "x5u", "x5c"})
  void row14_whenTheTokenBringsAKey_thenRefused(String member) {
    assertThat(reason(withHeader("\"typ\":\"at+jwt\",\"" + member + "\":\"https://evil.example\"")))
        .isEqualTo(Refusal.EMBEDDED_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"kid\":1,", "\"kid\":null,", "\"kid\":\"\",", "\"kid\":\"a b\",", ""})
  void row16_whenTheKeyIdIsMissingOrNoShortText_thenRefused(String kid) {
    assertThat(reason(header("{" + kid + "\"alg\":\"PS256\",\"typ\":\"at+jwt\"}")))
        .isEqualTo(Refusal.BAD_KEY_ID);
  }

  @Test
  void row16_aKeyIdHasAtMost64Characters() {
    String shape = "{\"kid\":\"%s\",\"alg\":\"PS256\",\"typ\":\"at+jwt\"}";
    assertThat(CompactJws.parse(header(shape.formatted("k".repeat(64)))))
        .isInstanceOf(Verdict.Accepted.class);
    assertThat(reason(header(shape.formatted("k".repeat(65))))).isEqualTo(Refusal.BAD_KEY_ID);
  }

  @Test
  void row1_whenNoAlgorithm_thenRefused() {
    assertThat(reason(header("{\"kid\":\"a\",\"typ\":\"at+jwt\"}")))
        .isEqualTo(Refusal.WRONG_ALGORITHM);
  }

  private static String withHeader(String members) {
    return header("{\"alg\":\"PS256\",\"kid\":\"key-1\"," + members + "}");
  }

  private static String header(String json) {
    return TestIssuer.signRaw(KEY, json, "{\"sub\":\"x\"}");
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Refusal reason(String token) {
    return ((Verdict.Refused<CompactJws>) CompactJws.parse(token)).reason();
  }
}
