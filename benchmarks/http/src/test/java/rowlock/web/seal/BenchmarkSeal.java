/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.seal;

import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import rowlock.web.settings.SessionSettings;

/** Creates the encryption of sessions outside of a running task-web. */
public final class BenchmarkSeal {
  private BenchmarkSeal() {}

  /** Returns the encryption with this AES-256 key. */
  public static Seal of(byte[] key) {
    return new Seal(new SessionSettings(List.of(new SecretKeySpec(key, "AES"))));
  }
}
