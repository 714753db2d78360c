/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import rowlock.api.test.TestIssuer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the token that an entry of attacks.json describes: a good one, but for what the entry says.
 *
 * <pre>
 * header, claims           members to set; ${...} in texts is filled in
 * without                  members to leave out: {"header": [...], "claims": [...]}
 * headerText, claimsText   the text to encode; ${header-members} and ${claim-members} are those above
 * charset                  of these texts, UTF-8 unless it is said
 * deflated                 whether the payload is compressed before it is signed
 * signer                   issuer, issuer-RS256 and so on, retired, stranger, elliptic, mac-of-public-pem,
 *                          -der or -modulus, unsigned
 * afterwards               {"header": {...}, "claims": {...}}: members to set after signing
 * text                     the token, of ${header}, ${payload}, ${signature} and whatever else
 * </pre>
 */
final class AttackToken {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern REPEAT = Pattern.compile("\\$\\{repeat:(.*?):(\\d+)}");
  private static final Pattern NOW = Pattern.compile("now([+-]\\d+)?");
  private static final RSAKey STRANGER = TestIssuer.newKey("key-1");
  private static final RSAKey RETIRED = TestIssuer.newKey("key-0");

  private final TestIssuer issuer;
  private final RSAKey key;

  AttackToken(TestIssuer issuer, RSAKey key) {
    this.issuer = issuer;
    this.key = key;
  }

  String make(JsonNode entry) {
    var header = members(TestIssuer.header(key), entry, "header");
    var claims = members(issuer.claims(UUID.randomUUID()), entry, "claims");
    Map<String, String> members =
        Map.of("header-members", inner(header), "claim-members", inner(claims));
    var encodedHeader = encode(bytes(entry, "headerText", header, members));
    var payload = bytes(entry, "claimsText", claims, members);
    var encodedPayload = encode(entry.has("deflated") ? deflated(payload) : payload);
    var signature =
        sign(entry.path("signer").asString("issuer"), encodedHeader + "." + encodedPayload);

    var afterwards = entry.path("afterwards");
    if (afterwards.has("header")) {
      encodedHeader = encode(utf8(setAll(header, afterwards.get("header")).toString()));
    }
    if (afterwards.has("claims")) {
      encodedPayload = encode(utf8(setAll(claims, afterwards.get("claims")).toString()));
    }
    return fill(
        entry.path("text").asString("${header}.${payload}.${signature}"),
        Map.of(
            "header", encodedHeader,
            "payload", encodedPayload,
            "signature", signature,
            "signature-with-spare-bits", withSpareBits(signature)));
  }

  private ObjectNode members(Map<String, Object> good, JsonNode entry, String part) {
    ObjectNode members = JSON.valueToTree(good);
    entry.path("without").path(part).forEach(name -> members.remove(name.asString()));
    return setAll(members, entry.path(part));
  }

  private ObjectNode setAll(ObjectNode members, JsonNode changes) {
    for (var change : changes.properties()) {
      members.set(change.getKey(), filled(change.getValue()));
    }
    return members;
  }

  private JsonNode filled(JsonNode value) {
    if (value.isArray()) {
      var list = JSON.createArrayNode();
      value.forEach(entry -> list.add(filled(entry)));
      return list;
    }
    if (value.isObject()) {
      return setAll(JSON.createObjectNode(), value);
    }
    if (!value.isString()) {
      return value;
    }
    var text = value.asString();
    var now = NOW.matcher(text);
    if (now.matches()) {
      var offset = now.group(1) == null ? 0 : Long.parseLong(now.group(1));
      return JSON.getNodeFactory().numberNode(Instant.now().getEpochSecond() + offset);
    }
    return switch (text) {
      case "${stranger-jwk}" -> JSON.valueToTree(STRANGER.toPublicJWK().toJSONObject());
      case "${issuer-jwk}" -> JSON.valueToTree(key.toPublicJWK().toJSONObject());
      default ->
          JSON.getNodeFactory()
              .stringNode(
                  fill(
                      text,
                      Map.of(
                          "issuer", issuer.url(),
                          "issuer-in-capitals", issuer.url().toUpperCase(Locale.ROOT))));
    };
  }

  private byte[] bytes(
      JsonNode entry, String member, ObjectNode whole, Map<String, String> members) {
    return entry.has(member)
        ? fill(entry.get(member).asString(), members)
            .getBytes(Charset.forName(entry.path("charset").asString("UTF-8")))
        : utf8(whole.toString());
  }

  /** Puts values into the places of their names; places that have no value stay as they are. */
  static String fill(String text, Map<String, String> values) {
    var filled =
        REPEAT
            .matcher(text)
            .replaceAll((MatchResult r) -> quoted(r.group(1), Integer.parseInt(r.group(2))));
    for (var value : values.entrySet()) {
      filled = filled.replace("${" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  private static String quoted(String text, int times) {
    return Matcher.quoteReplacement(text.repeat(times));
  }

  private static String inner(ObjectNode object) {
    var text = object.toString();
    return text.substring(1, text.length() - 1);
  }

  private String sign(String who, String input) {
    try {
      return switch (who) {
        case "issuer" -> sign(new RSASSASigner(key), JWSAlgorithm.PS256, input);
        case "stranger" -> sign(new RSASSASigner(STRANGER), JWSAlgorithm.PS256, input);
        case "retired" -> sign(new RSASSASigner(RETIRED), JWSAlgorithm.PS256, input);
        case "elliptic" ->
            sign(
                new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate()),
                JWSAlgorithm.ES256,
                input);
        case "mac-of-public-pem" -> mac(utf8(pem()), input);
        case "mac-of-public-der" -> mac(key.toPublicKey().getEncoded(), input);
        case "mac-of-public-modulus" -> mac(key.getModulus().decode(), input);
        case "unsigned" -> "";
        default ->
            sign(
                new RSASSASigner(key),
                JWSAlgorithm.parse(who.substring("issuer-".length())),
                input);
      };
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String mac(byte[] secret, String input) throws JOSEException {
    return sign(new MACSigner(secret), JWSAlgorithm.HS256, input);
  }

  private static String sign(JWSSigner signer, JWSAlgorithm algorithm, String input)
      throws JOSEException {
    return signer.sign(new JWSHeader(algorithm), utf8(input)).toString();
  }

  private String pem() throws JOSEException {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(key.toPublicKey().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  /** The same signature to a lenient decoder: a bit is set that no byte is made of. */
  private static String withSpareBits(String signature) {
    if (signature.length() % 4 != 2) {
      return signature + "A";
    }
    var last = signature.length() - 1;
    return signature.substring(0, last) + (char) (signature.charAt(last) + 1);
  }

  private static byte[] deflated(byte[] bytes) {
    var deflated = new ByteArrayOutputStream();
    try (var out = new DeflaterOutputStream(deflated)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return deflated.toByteArray();
  }

  private static String encode(byte[] bytes) {
    return Base64URL.encode(bytes).toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
