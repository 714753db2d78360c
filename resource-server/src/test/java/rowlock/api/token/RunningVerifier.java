/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import rowlock.api.audit.Refusal;
import rowlock.api.settings.TokenSettings;
import rowlock.api.test.TestIssuer;

/** The real verifier, with keys fetched from an issuer over HTTP. */
final class RunningVerifier implements AutoCloseable {
  private static final IssuerKeys.Timing ONE_FETCH =
      new IssuerKeys.Timing(
          Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(24), Duration.ofSeconds(1));

  private final IssuerKeys keys;
  private final AccessTokenVerifier verifier;
  private final IssuerSignature signature;

  /** Starts, and waits until the first fetch of the keys has ended. */
  RunningVerifier(TestIssuer issuer, Set<String> algorithms, Clock clock) {
    var settings =
        new TokenSettings(
            issuer.url(),
            null,
            "task-api",
            algorithms,
            Set.of(),
            Duration.ofMinutes(10),
            8192,
            Duration.ofSeconds(60),
            true,
            false);
    var metrics = new SimpleMeterRegistry();
    keys = new IssuerKeys(settings, clock, metrics, ONE_FETCH);
    verifier = new AccessTokenVerifier(settings, keys, clock);
    signature = new IssuerSignature(algorithms, keys);
    keys.start();
    await().until(() -> metrics.find("rowlock.issuer.keys.fetches").counter() != null);
  }

  AccessTokenVerifier verifier() {
    return verifier;
  }

  /** Returns the reason why the token is refused; fails if it is accepted. */
  Refusal reason(String token) {
    return ((Verdict.Refused<VerifiedToken>) verifier.verify(token)).reason();
  }

  /** Verifies form, key and signature only. */
  Verdict<IssuerKey> signer(String token) {
    return switch (CompactForm.read(token)) {
      case Verdict.Refused<CompactForm> refused -> refused.forward();
      case Verdict.Accepted<CompactForm> parsed -> signature.check(parsed.value());
    };
  }

  @Override
  public void close() {
    keys.close();
  }
}
