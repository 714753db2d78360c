/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakedPasswordsTest {
  private static final Path LIST = Path.of("target", "lists", "dictionaries", "passwords.txt");
  private static final int PEOPLE = 100_000 * Integer.getInteger("rowlock.fuzz.factor", 1);

  @TempDir private Path folder;

  @Test
  void bundledFilter_containsEveryPasswordOfTheList() throws IOException {
    var filter = LeakedPasswords.bundled();

    assertThat(Files.readAllLines(LIST))
        .hasSizeGreaterThan(90_000)
        .allMatch(password -> filter.contains(PasswordForms.lower(password)));
    assertThat(filter.toBytes().length).isLessThan(300_000);
  }

  @Test
  void randomPassword_falsePositives_atMostOneInTenThousand() {
    var passwords = LeakedPasswords.open("the-setting", null, null);
    var random = new SplittableRandom(6);

    var refused =
        IntStream.range(0, PEOPLE)
            .mapToObj(i -> password(random))
            .filter(one -> judge(passwords, one) != LeakedPasswords.Verdict.PASSED)
            .count();

    // at most ten look-ups, each with an error rate of 1 in 65,536
    assertThat(refused).isLessThan((long) (PEOPLE * 10 * FuseFilter.ERROR_RATE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", ":3\n", ":12345678\r\n"})
  void judge_hashList_findsListedPasswords(String end) throws IOException {
    var hashes = new TreeSet<String>();
    IntStream.range(0, 5_000).forEach(i -> hashes.add(Sha1List.sha1("leaked-" + i)));
    var list = write("hashes.txt", String.join(end, hashes) + end);

    var opened = Sha1List.open(list);

    for (var i = 0; i < 5_000; i++) {
      assertThat(opened.contains("leaked-" + i)).isTrue();
      assertThat(opened.contains("other-" + i)).isFalse();
    }
  }

  @Test
  void judge_lowerCaseListWithoutFinalNewline_isRead() throws IOException {
    var hash = Sha1List.sha1("one and only").toLowerCase(Locale.ROOT);

    assertThat(Sha1List.open(write("one.txt", hash)).contains("one and only")).isTrue();
  }

  @Test
  void open_unusableFile_failsWithSettingAndReason() throws IOException {
    var words = write("words.txt", "password1\nmonkey\n");
    var unsorted = write("unsorted.txt", "F".repeat(40) + ":1\n" + "0".repeat(40) + ":1\n");
    var empty = write("empty.txt", "");

    assertThatThrownBy(() -> open(words))
        .hasMessage(
            "the-setting: "
                + words
                + " has a line that is neither HASH nor HASH:COUNT with a SHA-1 hash of 40 digits");
    assertThatThrownBy(() -> open(unsorted))
        .hasMessage("the-setting: " + unsorted + " is not in ascending order");
    assertThatThrownBy(() -> open(empty)).hasMessageContaining("the-setting: " + empty);
    assertThatThrownBy(() -> open(folder.resolve("nowhere")))
        .hasMessage("the-setting: " + folder.resolve("nowhere") + " cannot be read");
  }

  @Test
  void judge_damagedList_acceptsPasswords() throws IOException {
    var hashes = new TreeSet<String>();
    IntStream.range(0, 500).forEach(i -> hashes.add(Sha1List.sha1("leaked-" + i)));
    var lines = new ArrayList<>(hashes);
    lines.subList(1, lines.size() - 1).replaceAll(line -> "?".repeat(line.length()));

    var passwords = open(write("damaged.txt", String.join("\n", lines) + "\n"));

    assertThat(judge(passwords, "quite another phrase")).isEqualTo(LeakedPasswords.Verdict.PASSED);
    assertThat(judge(passwords, "Sunshine2024!")).isEqualTo(LeakedPasswords.Verdict.BUNDLED);
  }

  @Test
  void judge_truncatedListInUse_acceptsPasswords() throws IOException {
    var hashes = new TreeSet<String>();
    IntStream.range(0, 500).forEach(i -> hashes.add(Sha1List.sha1("leaked-" + i)));
    var list = write("cut.txt", String.join("\n", hashes) + "\n");
    var passwords = open(list);

    Files.writeString(list, "short");

    assertThat(judge(passwords, "quite another phrase")).isEqualTo(LeakedPasswords.Verdict.PASSED);
  }

  @Test
  void judge_longPassword_checksItsStart() {
    var passwords = LeakedPasswords.open("the-setting", null, null);

    assertThat(judge(passwords, "ab".repeat(100_000))).isEqualTo(LeakedPasswords.Verdict.PATTERN);
    assertTimeout(
        Duration.ofSeconds(5), () -> judge(passwords, "a" + "\u0301\u0327".repeat(500_000)));
  }

  /** Without a session: files are read without one. */
  private static LeakedPasswords.Verdict judge(LeakedPasswords passwords, String password) {
    return passwords.judge(null, password, List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Qwerty123456!",
        "123456Qwerty!",
        "Monkey-Dragon2026",
        "P@ssw0rdMonkey",
        "Copperlane123456!",
        "AnnCopperlane"
      })
  void judge_twoListedParts_areParts(String password) {
    var passwords = LeakedPasswords.open("the-setting", null, null);

    assertThat(passwords.judge(null, password, List.of("copperlane", "ann")))
        .isEqualTo(LeakedPasswords.Verdict.PARTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"quite another phrase", "password of the monkey", "purple ladder seldom breeze"})
  void judge_passphrase_passes(String password) {
    assertThat(judge(LeakedPasswords.open("the-setting", null, null), password))
        .isEqualTo(LeakedPasswords.Verdict.PASSED);
  }

  private static LeakedPasswords open(Path file) {
    return LeakedPasswords.open("the-setting", file.toString(), null);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  /** Returns a password as a password manager creates it. */
  private static String password(SplittableRandom random) {
    var signs = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_!";
    var password = new StringBuilder();
    for (var i = 0; i < 14; i++) {
      password.append(signs.charAt(random.nextInt(signs.length())));
    }
    return password.toString();
  }
}
