/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.List;
import java.util.random.RandomGenerator;

/** Mutates texts at random. The same seed gives the same texts. */
final class Mutator {
  private static final List<String> BREAKERS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          "\\",
          ",",
          ":",
          ".",
          "..",
          "=",
          " ",
          "\t",
          "\n",
          "\u0000",
          "\u007f",
          "\u0080",
          "\u00e9",
          "\u2028",
          "\ud800",
          "\udc00",
          "\ud83d\ude00",
          "\ufeff",
          "\\u0000",
          "\\ud800",
          "\\u0022",
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "0",
          "-0",
          "-1",
          "1e999",
          "1e-999",
          "-1E+99999",
          "9223372036854775808",
          "253402300800",
          "0.1",
          "1893456000",
          "NaN",
          "Bearer ",
          "DPoP ",
          "A",
          "_",
          "-",
          "+",
          "/",
          "%00",
          "\"alg\":\"none\",",
          "\"kid\":\"key-1\",",
          "\"crit\":[],",
          "\"cnf\":{},",
          "\"cnf\":{\"jkt\":7},",
          "\"aud\":[[[]]],",
          "\"scope\":\" \",",
          "\"exp\":1e300,",
          "\"sub\":{},",
          "\"jwk\":{\"kty\":\"EC\"},",
          "[[[[[[[[[[",
          "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":");

  private final RandomGenerator random;
  private final List<String> corpus;

  Mutator(RandomGenerator random, List<String> corpus) {
    this.random = random;
    this.corpus = List.copyOf(corpus);
  }

  /** A text of the corpus with a few changes, or with none. */
  String next() {
    var text = new StringBuilder(pick(corpus));
    var changes = random.nextInt(6);
    for (var i = 0; i < changes; i++) {
      change(text);
    }
    return text.toString();
  }

  private void change(StringBuilder text) {
    var at = random.nextInt(text.length() + 1);
    var end = Math.min(text.length(), at + random.nextInt(1, 12));
    switch (random.nextInt(8)) {
      case 0 -> text.delete(at, end);
      case 1 -> text.delete(at, text.length());
      case 2 -> text.insert(at, pick(BREAKERS));
      case 3 -> text.replace(at, end, pick(BREAKERS));
      case 4 -> text.insert(at, text.substring(at, end).repeat(random.nextInt(1, 8)));
      case 5 -> text.insert(at, (char) random.nextInt(0x250));
      case 6 -> {
        if (at < text.length()) {
          text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(7)));
        }
      }
      default -> {
        var other = pick(corpus);
        text.replace(at, text.length(), other.substring(random.nextInt(other.length() + 1)));
      }
    }
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
