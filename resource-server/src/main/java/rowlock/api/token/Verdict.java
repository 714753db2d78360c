/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import org.jspecify.annotations.Nullable;
import rowlock.api.audit.Refusal;

/**
 * What a step of the check came to: a value to go on with, or the reason why not.
 *
 * @param <T> what the next step needs
 */
public sealed interface Verdict<T> {

  /**
   * All is good so far.
   *
   * @param value what the next step needs
   */
  record Accepted<T>(T value) implements Verdict<T> {}

  /**
   * The token is not good.
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

    /** A refusal that is not about one claim. */
    public Refused(Refusal reason, @Nullable String kid, @Nullable String clientId) {
      this(reason, kid, clientId, null);
    }

    /** Nothing is known of key and client. */
    public Refused(Refusal reason) {
      this(reason, null, null, null);
    }

    /** The same refusal, for a step with another value. */
    public <U> Refused<U> forward() {
      return new Refused<>(reason, kid, clientId, claim);
    }
  }
}
