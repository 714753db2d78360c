/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import rowlock.web.settings.SessionSettings;

class SealTest {
  private static final byte[] SECRET = filled(32, 1);
  private static final byte[] PLACE = filled(32, 2);
  private static final byte[] CONTENT = "content".getBytes(UTF_8);

  private final Seal seal = seal(1);

  @Test
  void open_sealedContent_isReturned() {
    var sealed = seal.seal("a", SECRET, PLACE, CONTENT);
    assertThat(seal.open("a", SECRET, PLACE, sealed)).isEqualTo(CONTENT);
    assertThat(new String(sealed, UTF_8)).doesNotContain("content");
  }

  @Test
  void seal_sameContent_differsEachTime() {
    assertThat(seal.seal("a", SECRET, PLACE, CONTENT))
        .isNotEqualTo(seal.seal("a", SECRET, PLACE, CONTENT));
  }

  @Test
  void open_otherPurposeSecretPlaceOrKey_returnsNull() {
    var sealed = seal.seal("a", SECRET, PLACE, CONTENT);
    assertThat(seal.open("b", SECRET, PLACE, sealed)).as("another purpose").isNull();
    assertThat(seal.open("a", filled(32, 9), PLACE, sealed)).as("another browser").isNull();
    assertThat(seal.open("a", SECRET, filled(32, 9), sealed)).as("another row").isNull();
    assertThat(seal(2).open("a", SECRET, PLACE, sealed)).as("another server").isNull();
  }

  @Test
  void open_changedByte_isEmpty() {
    var sealed = seal.seal("a", SECRET, PLACE, CONTENT);
    for (var i = 0; i < sealed.length; i++) {
      var changed = sealed.clone();
      changed[i] ^= 1;
      assertThat(seal.open("a", SECRET, PLACE, changed)).as("byte %d", i).isNull();
      assertThat(seal.open("a", SECRET, PLACE, Arrays.copyOf(sealed, i))).isNull();
    }
  }

  @Test
  void rotatedKeys_oldKeyOpens_newKeySeals() {
    var old = seal.seal("a", SECRET, PLACE, CONTENT);
    var rotated = seal(2, 1);
    assertThat(rotated.open("a", SECRET, PLACE, old)).isEqualTo(CONTENT);
    var fresh = rotated.seal("a", SECRET, PLACE, CONTENT);
    assertThat(seal(2).open("a", SECRET, PLACE, fresh)).isEqualTo(CONTENT);
    assertThat(seal.open("a", SECRET, PLACE, fresh)).isNull();
  }

  private static Seal seal(int... keys) {
    return new Seal(
        new SessionSettings(
            Arrays.stream(keys)
                .mapToObj(key -> new SecretKeySpec(filled(32, key), "AES"))
                .toList()));
  }

  private static byte[] filled(int length, int value) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
