/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseFilterTest {
  private static final int STRANGERS = 10_000_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 10, 100, 1_000, 54_321, 1_000_000})
  void contains_keyOfTheSet_isTrue(int size) {
    var keys = new SplittableRandom(size).longs(size).toArray();

    var filter = FuseFilter.build(keys);

    assertThat(filter.size()).isEqualTo(size);
    assertThat(Arrays.stream(keys).filter(filter::contains).count()).isEqualTo(size);
  }

  @Test
  void contains_otherKeys_hasStatedErrorRate() {
    var filter = FuseFilter.build(new SplittableRandom(1).longs(100_000).toArray());

    var wrong = new SplittableRandom(2).longs(STRANGERS).filter(filter::contains).count();

    // 153 are expected; the bound is six standard deviations
    var expected = STRANGERS * FuseFilter.ERROR_RATE;
    assertThat((double) wrong)
        .isBetween(expected - 6 * Math.sqrt(expected), expected + 6 * Math.sqrt(expected));
  }

  @Test
  void build_sameKeysInAnyOrder_givesSameBytes() {
    var keys = new SplittableRandom(3).longs(5_000).toArray();
    var again =
        IntStream.rangeClosed(1, 2 * keys.length)
            .mapToLong(i -> keys[(keys.length * 2 - i) % keys.length])
            .toArray();

    assertThat(FuseFilter.build(again).toBytes()).isEqualTo(FuseFilter.build(keys).toBytes());
  }

  @Test
  void build_needsEighteenAndAHalfBitsPerKey() {
    var bytes = FuseFilter.build(new SplittableRandom(4).longs(100_000).toArray()).toBytes();

    assertThat(bytes.length * 8 / 100_000.0).isBetween(16.0, 20.0);
  }

  @Test
  void map_readsTheWrittenFile() throws IOException {
    var keys = new SplittableRandom(5).longs(20_000).toArray();
    var file = Files.write(folder.resolve("some.filter"), FuseFilter.build(keys).toBytes());

    var filter = FuseFilter.map(file);

    assertThat(filter.size()).isEqualTo(keys.length);
    assertThat(Arrays.stream(keys).allMatch(filter::contains)).isTrue();
  }

  @Test
  void of_truncatedOrInvalidFile_isRejected() {
    var bytes = FuseFilter.build(new long[] {1, 2, 3}).toBytes();

    assertThatThrownBy(() -> FuseFilter.of(ByteBuffer.wrap(bytes, 0, bytes.length - 1)))
        .hasMessage("is truncated or damaged");
    assertThatThrownBy(() -> FuseFilter.of(ByteBuffer.wrap("password1\nmonkey\n".getBytes())))
        .hasMessageContaining("is not a filter");
  }
}
