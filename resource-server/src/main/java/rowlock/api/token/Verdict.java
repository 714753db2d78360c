/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;

/**
 * The outcome of a verification step: a value, or the reason for the refusal.
 *
 * @param <T> the value for the next step
 */
public sealed interface Verdict<T> {
  /**
   * The step accepted the token.
   *
   * @param value the value for the next step
   */
  record Accepted<T>(T value) implements Verdict<T> {}

  /**
   * The step refused the token.
   *
   * @param reason for the security log and the caller
   * @param kid the key it names, unverified, for the security log
   * @param clientId the OAuth client it was issued to, only when the signature was good
   * @param claim the name of the claim that is missing or not accepted, only when the signature was
   *     good; null when the refusal is not about one claim
   */
  record Refused<T>(
      Refusal reason, @Nullable String kid, @Nullable String clientId, @Nullable String claim)
      implements Verdict<T> {

    /** Creates a refusal that is not about one claim. */
    public Refused(Refusal reason, @Nullable String kid, @Nullable String clientId) {
      this(reason, kid, clientId, null);
    }

    /** Creates a refusal without key and client. */
    public Refused(Refusal reason) {
      this(reason, null, null, null);
    }

    /** Returns the same refusal for a step with another value type. */
    public <U> Refused<U> forward() {
      return new Refused<>(reason, kid, clientId, claim);
    }
  }
}
