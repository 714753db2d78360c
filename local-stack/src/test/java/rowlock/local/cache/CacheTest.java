/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.system.ChildJvm;
import rowlock.local.system.StackFailure;

class CacheTest {
  @TempDir Path directory;

  @Test
  void anEntryIsMadeOnce() {
    var cache = new Cache(directory);
    var first = cache.entry("a", 0, empty -> Files.writeString(empty.resolve("file"), "first"));

    var second = cache.entry("a", 0, empty -> Files.writeString(empty.resolve("file"), "second"));

    assertThat(second).isEqualTo(first);
    assertThat(second.resolve("file")).hasContent("first");
  }

  @Test
  void onlyTheEntriesOfAKindThatWereUsedLastAreKept() throws IOException {
    var cache = new Cache(directory);
    cache.entry("other-1", 0, empty -> {});
    for (var i = 1; i <= 4; i++) {
      var entry = cache.entry("built-" + i, 0, empty -> {});
      Files.setLastModifiedTime(entry, FileTime.fromMillis(i));
    }
    cache.entry("built-1", 0, empty -> {});

    cache.entry("built-5", 0, empty -> {});

    assertThat(directory.toFile().list((parent, name) -> !name.endsWith(".lock")))
        .containsExactlyInAnyOrder("other-1", "built-1", "built-3", "built-4", "built-5");
  }

  @Test
  void whenMakingFails_thenTheNextTryBeginsWithAnEmptyDirectory() {
    var cache = new Cache(directory);
    assertThatThrownBy(
            () ->
                cache.entry(
                    "a",
                    0,
                    empty -> {
                      Files.writeString(empty.resolve("half"), "x");
                      throw new IOException("interrupted");
                    }))
        .isInstanceOf(StackFailure.class);

    var entry = cache.entry("a", 0, empty -> Files.writeString(empty.resolve("whole"), "x"));

    assertThat(entry.toFile().list()).containsExactly("whole");
  }

  @Test
  void whenTheDiskIsFull_thenTheMessageSaysWhatToDo() {
    var cache = new Cache(directory);

    assertThatThrownBy(
            () ->
                cache.entry(
                    "a",
                    0,
                    empty -> {
                      throw new FileSystemException("x", null, "No space left on device");
                    }))
        .hasMessageContaining("is full: free some space, or set ROWLOCK_DATA");
  }

  @Test
  void whenThereIsTooLittleSpace_thenMakingDoesNotStart() {
    var cache = new Cache(directory);

    assertThatThrownBy(
            () ->
                cache.entry(
                    "a", Long.MAX_VALUE, empty -> Files.writeString(empty.resolve("x"), "x")))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("MB free, this step needs");
    assertThat(directory.resolve("a.unfinished")).doesNotExist();
  }

  @Test
  void entry_twoJvmsAtOnce_isMadeOnceAndCompleteForBoth() throws Exception {
    try (var one = ChildJvm.start(CacheFiller.class, Map.of(), directory.toString());
        var other = ChildJvm.start(CacheFiller.class, Map.of(), directory.toString())) {
      one.awaitExit();
      other.awaitExit();

      assertThat(one.output() + other.output()).containsOnlyOnce("MADE");
      assertThat(one.output()).contains("SEES 2000");
      assertThat(other.output()).contains("SEES 2000");
    }
  }
}
