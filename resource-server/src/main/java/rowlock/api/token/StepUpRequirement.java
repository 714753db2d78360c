/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * The requirement of a {@link StepUp}. A claim that is missing or of another type does not meet it.
 *
 * @param acr acceptable values of {@code acr}; empty: any
 * @param maxAge maximum age of {@code auth_time}; null: any
 */
record StepUpRequirement(List<String> acr, @Nullable Duration maxAge) {

  /** Characters that a quoted string and a space-separated list can contain without escaping. */
  private static final Pattern ACR = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

  /** Rejects an empty requirement, and values that a challenge cannot contain. */
  StepUpRequirement {
    acr = List.copyOf(acr);
    if (acr.isEmpty() && maxAge == null) {
      throw new IllegalStateException("@StepUp asks for nothing: set acr, maxAge or both");
    }
    if (!acr.stream().allMatch(value -> ACR.matcher(value).matches())) {
      throw new IllegalStateException("@StepUp: an acr is visible ASCII without quotes: " + acr);
    }
  }

  static StepUpRequirement of(StepUp asked) {
    return new StepUpRequirement(
        List.of(asked.acr()), asked.maxAge() < 0 ? null : Duration.ofSeconds(asked.maxAge()));
  }

  /**
   * Returns whether a token meets the requirement.
   *
   * @param clockSkew how far {@code auth_time} may lie in the future
   */
  boolean isMetBy(Jwt token, Instant now, Duration clockSkew) {
    return isStrong(token.getClaims().get("acr"))
        && isRecent(token.getClaims().get("auth_time"), now, clockSkew);
  }

  private boolean isStrong(@Nullable Object claim) {
    return acr.isEmpty() || (claim instanceof String text && acr.contains(text));
  }

  private boolean isRecent(@Nullable Object claim, Instant now, Duration clockSkew) {
    if (maxAge == null) {
      return true;
    }
    if (!(claim instanceof Integer || claim instanceof Long)) {
      return false;
    }
    try {
      var signedIn = Instant.ofEpochSecond(((Number) claim).longValue());
      return !signedIn.isAfter(now.plus(clockSkew))
          && !now.isAfter(signedIn.plus(maxAge).plus(AccessTokenRules.AFTER_EXPIRY));
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** Returns the parameters of the challenge (RFC 9470 §3). */
  Map<String, String> challenge() {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!acr.isEmpty()) {
      parameters.put("acr_values", String.join(" ", acr));
    }
    if (maxAge != null) {
      parameters.put("max_age", Long.toString(maxAge.toSeconds()));
    }
    return parameters;
  }
}
