/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Acts as an authenticator app: six digits, 30 seconds, SHA-1 (RFC 6238). */
record Totp(byte[] secret) {
  private static final int PERIOD_SECONDS = 30;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  /** Reads the secret as the page shows it to users who cannot scan the code (RFC 4648 §6). */
  static Totp of(String shown) {
    var bits = new StringBuilder();
    for (var letter : shown.replaceAll("\\s", "").toCharArray()) {
      bits.append(Integer.toBinaryString(32 | BASE32.indexOf(letter)).substring(1));
    }
    var secret = new byte[bits.length() / Byte.SIZE];
    for (var index = 0; index < secret.length; index++) {
      secret[index] =
          (byte) Integer.parseInt(bits.substring(index * Byte.SIZE, (index + 1) * Byte.SIZE), 2);
    }
    return new Totp(secret);
  }

  /** Returns the code of the app after some steps of 30 s. */
  String code(int steps) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(secret, "HmacSHA1"));
      var step = Instant.now().getEpochSecond() / PERIOD_SECONDS + steps;
      var hash =
          ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array()));
      return "%06d".formatted((hash.getInt(hash.get(19) & 0xf) & 0x7fffffff) % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
