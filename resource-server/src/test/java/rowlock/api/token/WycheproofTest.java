/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rowlock.api.test.TestIssuer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON Web Signature vectors of C2SP Wycheproof, against form, keys and signature as they are
 * in the product: the keys are fetched over HTTP and sifted, the objects go through the strict
 * parser. Types and claims are left out, because the vectors have none that an access token has.
 *
 * <p>Every vector either comes out as it should or stands below with the reason why it cannot. The
 * counts are asserted, so that neither list shrinks unseen.
 */
class WycheproofTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** All that ROWLOCK_TOKEN_ALGORITHMS may name, so that as many vectors as can be apply. */
  private static final Set<String> ALGORITHMS =
      Set.of("PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

  private static final String MAC = "a symmetric key, which this API never uses";
  private static final String JWE = "encrypted, which no access token of this API is";
  private static final String EMPTY = "an empty payload, which can hold no claims: refused as form";
  private static final String OTHER_ALGORITHM =
      "signed by another algorithm than its key names, though it is called valid";
  private static final String NO_ALGORITHM = "the key names ES521, which is no algorithm";
  private static final String NOT_BASE64URL =
      "has a question mark inside base64url, though it is called valid";

  private static final String CONTRADICTION =
      "the very same characters as vector 357, which is called valid";

  private record Inapplicable(String ids, String reason) {}

  /** The results of one file. */
  private record Outcome(
      int judged, int judgedByForm, int inapplicable, List<String> differences) {}

  @Test
  void signatures() throws IOException {
    List<Inapplicable> inapplicable =
        List.of(
            new Inapplicable("1-17 348 352", MAC),
            new Inapplicable("259 264 268 272 320 325", EMPTY),
            new Inapplicable("346 350", OTHER_ALGORITHM),
            new Inapplicable("347 351", NO_ALGORITHM),
            new Inapplicable("367 370", CONTRADICTION),
            new Inapplicable("372 373", NOT_BASE64URL));
    // Vectors of base64url. Their key is symmetric, but form is judged before any key is looked at.
    assertThat(
            run("json_web_signature_test.json", 401, inapplicable, "357-366 368-369 371 374-377"))
        .isEqualTo(new Outcome(351, 17, 33, List.of()));
  }

  @Test
  void keys() throws IOException {
    List<Inapplicable> inapplicable = List.of(new Inapplicable("2-3 10-18 25-26", MAC));
    assertThat(run("json_web_key_test.json", 26, inapplicable, ""))
        .isEqualTo(new Outcome(13, 0, 13, List.of()));
  }

  @Test
  void signaturesAndKeys() throws IOException {
    List<Inapplicable> inapplicable =
        List.of(new Inapplicable("1-17 48-49", MAC), new Inapplicable("50-83", JWE));
    assertThat(run("json_web_crypto_test.json", 83, inapplicable, ""))
        .isEqualTo(new Outcome(30, 0, 53, List.of()));
  }

  private static Outcome run(
      String name, int vectors, List<Inapplicable> inapplicable, String byForm) throws IOException {
    var file = JSON.readTree(Files.readString(folder().resolve(name)));
    assertThat(file.get("numberOfTests").intValue()).isEqualTo(vectors);
    Set<Integer> left = new HashSet<>();
    inapplicable.forEach(entry -> left.addAll(ids(entry.ids())));
    var formOnly = ids(byForm);
    var judged = 0;
    var judgedByForm = 0;
    List<String> differences = new ArrayList<>();
    for (var group : file.get("testGroups")) {
      try (var issuer = new TestIssuer().publishRaw(keySet(group));
          var verifier = new RunningVerifier(issuer, ALGORITHMS, Clock.systemUTC())) {
        for (var vector : group.get("tests")) {
          var id = vector.get("tcId").intValue();
          if (left.contains(id)) {
            continue;
          }
          var token = vector.get("jws").asString();
          var verdict = formOnly.contains(id) ? CompactForm.read(token) : verifier.signer(token);
          judgedByForm += formOnly.contains(id) ? 1 : 0;
          judged += formOnly.contains(id) ? 0 : 1;
          if (verdict instanceof Verdict.Accepted<?> != isValid(vector)) {
            differences.add(id + " " + vector.get("comment").asString() + ": " + verdict);
          }
        }
      }
    }
    return new Outcome(judged, judgedByForm, left.size(), differences);
  }

  private static boolean isValid(JsonNode vector) {
    return vector.get("result").asString().equals("valid");
  }

  /**
   * The group's keys as an issuer would publish them. Our rule that a key must say {@code use} and
   * {@code alg} is stricter than RFC 7517. Where a group says neither, it is said here, so that the
   * vector is decided by what it is about.
   */
  private static String keySet(JsonNode group) {
    var keys = group.has("public") ? group.get("public") : group.get("private");
    if (keys.has("keys")) {
      return keys.toString();
    }
    var key = ((ObjectNode) keys).deepCopy();
    if (!key.has("use")) {
      key.put("use", "sig");
    }
    if (!key.has("alg")) {
      var header = group.get("tests").get(0).get("jws").asString().split("\\.")[0];
      key.set("alg", JSON.readTree(Base64.getUrlDecoder().decode(header)).get("alg"));
    }
    return JSON.createObjectNode().set("keys", JSON.createArrayNode().add(key)).toString();
  }

  /** Reads {@code 1-3 7}. */
  private static Set<Integer> ids(String ranges) {
    Set<Integer> ids = new HashSet<>();
    for (var range : ranges.isEmpty() ? new String[0] : ranges.split(" ")) {
      var ends = range.split("-");
      var first = Integer.parseInt(ends[0]);
      var last = Integer.parseInt(ends[ends.length - 1]);
      IntStream.rangeClosed(first, last).forEach(ids::add);
    }
    return ids;
  }

  private static Path folder() {
    var folder = System.getProperty("rowlock.vectors");
    return folder != null && Files.isDirectory(Path.of(folder))
        ? Path.of(folder)
        : abort(
            "Not run: there are no Wycheproof vectors. Take testvectors_v1 from"
                + " https://github.com/C2SP/wycheproof and pass its absolute path as"
                + " -Drowlock.vectors=<folder>.");
  }
}
