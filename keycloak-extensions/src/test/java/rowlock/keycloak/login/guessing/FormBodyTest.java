/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.keycloak.login.guessing.FormBody.UnacceptableFormException;

class FormBodyTest {
  @Test
  void first_repeatedName_isTheValueOfTheServer() throws UnacceptableFormException {
    var form = FormBody.parse("a=1&a=2&%62=x+y%00&c");

    assertThat(form.first("a")).isEqualTo("1");
    assertThat(form.all("a")).containsExactly("1", "2");
    assertThat(form.first("b")).isEqualTo("x y\0");
    assertThat(form.first("c")).isEqualTo("");
    assertThat(form.has("d")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "a=%zz", "%g=1", "a=\u00e9", "a=\u007f"})
  void read_notPercentEncoded_isRejected(String body) {
    assertThatThrownBy(() -> FormBody.parse(body))
        .isInstanceOfSatisfying(
            UnacceptableFormException.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  @Test
  void read_slowBody_timesOut() {
    var clock = new AtomicLong();
    var drip =
        new InputStream() {
          @Override
          public int read() {
            clock.addAndGet(FormBody.READ_TIMEOUT.toNanos() / 4);
            return 'a';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            buffer[offset] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> FormBody.readAll(drip, clock::get))
        .isInstanceOfSatisfying(
            UnacceptableFormException.class, e -> assertThat(e.status()).isEqualTo(408));
  }

  @Test
  void read_bodyWithoutLength_isLimited() {
    var endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };

    assertThatThrownBy(() -> FormBody.readAll(endless, () -> 0))
        .isInstanceOfSatisfying(
            UnacceptableFormException.class, e -> assertThat(e.status()).isEqualTo(413));
  }
}
