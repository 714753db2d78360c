/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parses untrusted JSON: UTF-8 only, one object, unique member names (RFC 7515 §4), limited nesting
 * and numbers.
 */
public final class StrictJsonObject {
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxNumberLength(20)
                          .maxNameLength(256)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .readerFor(JsonNode.class);

  private StrictJsonObject() {}

  /** Returns the object; null if the bytes are anything else. */
  public static @Nullable ObjectNode read(byte[] utf8) {
    try {
      // Decoded here, because the parser would also accept UTF-16 and UTF-32.
      var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      return READER.readTree(text) instanceof ObjectNode object ? object : null;
    } catch (CharacterCodingException | JacksonException e) {
      return null;
    }
  }
}
