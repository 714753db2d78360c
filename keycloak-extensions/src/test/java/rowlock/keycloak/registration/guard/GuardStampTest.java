/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardStampTest {
  private static final long TIME = 1_795_000_000_123L;

  private final GuardStamp stamps = new GuardStamp(text -> mac("ours", text), "login-1");

  @Test
  void timeOf_ownStamp_isItsCreationTime() {
    assertThat(stamps.timeOf(stamps.mint(TIME))).isEqualTo(TIME);
  }

  @Test
  void timeOf_otherLoginOrServer_isEmpty() {
    var stamp = stamps.mint(TIME);

    assertThat(new GuardStamp(text -> mac("ours", text), "login-2").timeOf(stamp)).isNull();
    assertThat(new GuardStamp(text -> mac("theirs", text), "login-1").timeOf(stamp)).isNull();
  }

  @Test
  void timeOf_changedTime_isEmpty() {
    var stamp = stamps.mint(TIME);

    assertThat(stamps.timeOf((TIME - 60_000) + stamp.substring(stamp.indexOf('.')))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "1795000000123", "1795000000123.", "x.y", "-1.AAAA"})
  void timeOf_invalidStamp_isEmpty(String text) {
    assertThat(stamps.timeOf(text)).isNull();
    assertThat(stamps.timeOf(null)).isNull();
  }

  private static byte[] mac(String key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
