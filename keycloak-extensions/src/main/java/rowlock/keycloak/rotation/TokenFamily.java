/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The token family of one login: its newest refresh token, and those used recently. Of bounded
 * size, and serialized as one line of text.
 *
 * @param newest the token that is accepted for a rotation
 * @param used its predecessors, newest first, never empty
 * @param until expiry of the last token of the family, in seconds since 1970; 0 for never
 */
record TokenFamily(Newest newest, List<Used> used, long until) {
  /** Sufficient for a burst of refreshes within the longest window. */
  static final int MAX_USED = 8;

  private static final long MAX_WINDOW_MILLIS = RefreshRotationConfig.MAX_GRACE * 1000L;
  private static final String FORM = "1";
  private static final Pattern LINE =
      Pattern.compile(
          "1 ([^ ,@]+) (\\d{1,18}) (\\d{1,18}) (\\d{1,18}) (USED(?:,USED)*+)"
              .replace("USED", "[^ ,@]+@\\d{1,18}(?:@[\\w-]{1,64})?"));

  TokenFamily {
    used = List.copyOf(used);
  }

  /**
   * The newest token.
   *
   * @param tokenId its {@code jti}
   * @param issuedAt its {@code iat}, seconds
   * @param expires its {@code exp}, seconds; 0 if it has none
   */
  record Newest(String tokenId, long issuedAt, long expires) {}

  /**
   * A token that has a successor.
   *
   * @param tokenId its {@code jti}
   * @param at when the successor was issued, in milliseconds since 1970
   * @param request digest of the request that used it; empty if it was not recorded
   */
  record Used(String tokenId, long at, String request) {
    String toText() {
      return tokenId + "@" + at + (request.isEmpty() ? "" : "@" + request);
    }

    static Used ofText(String text) {
      var parts = text.split("@", -1);
      return new Used(parts[0], Long.parseLong(parts[1]), parts.length == 3 ? parts[2] : "");
    }
  }

  /**
   * Returns the family after a rotation.
   *
   * @param before null for the first rotation
   * @param presented the token that was used, with its expiry (seconds, 0 for never)
   * @param successor the new token
   * @param request digest of the request
   * @param now milliseconds
   */
  static TokenFamily afterRotation(
      @Nullable TokenFamily before, Newest presented, Newest successor, String request, long now) {
    var used = new ArrayList<Used>();
    used.add(new Used(presented.tokenId(), now, request));
    var until = latest(presented.expires(), successor.expires());
    if (before != null) {
      before.used().stream()
          .filter(token -> now - token.at() <= MAX_WINDOW_MILLIS)
          .limit(MAX_USED - 1)
          .forEach(used::add);
      until = latest(until, before.until());
    }
    return new TokenFamily(successor, used, until);
  }

  /** Returns the newest token's predecessor. */
  String lastUsed() {
    return used.get(0).tokenId();
  }

  /** Returns the use of a token, or null if it was not used, or too long ago. */
  @Nullable Used use(String tokenId) {
    return used.stream().filter(token -> token.tokenId().equals(tokenId)).findFirst().orElse(null);
  }

  /** Returns whether every token of the family has expired. */
  boolean isDead(long nowSeconds) {
    return until != 0 && until < nowSeconds;
  }

  String toText() {
    return FORM
        + " %s %d %d %d ".formatted(newest.tokenId(), newest.issuedAt(), newest.expires(), until)
        + used.stream().map(Used::toText).collect(Collectors.joining(","));
  }

  /** Parses the format of {@link #toText}; null for any other text, such as a later format. */
  static @Nullable TokenFamily ofText(@Nullable String text) {
    var line = LINE.matcher(text == null ? "" : text);
    if (!line.matches()) {
      return null;
    }
    var used = Arrays.stream(line.group(5).split(",", -1)).map(Used::ofText).toList();
    return new TokenFamily(
        new Newest(line.group(1), Long.parseLong(line.group(2)), Long.parseLong(line.group(3))),
        used,
        Long.parseLong(line.group(4)));
  }

  private static long latest(long one, long other) {
    return one == 0 || other == 0 ? 0 : Math.max(one, other);
  }
}
