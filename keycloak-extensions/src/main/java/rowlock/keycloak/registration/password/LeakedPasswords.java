/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.password;

import io.micrometer.core.instrument.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import rowlock.keycloak.support.WatchedFile;

/** Looks a password up in all lists, the cheapest first. Thread-safe. */
final class LeakedPasswords {
  private static final Logger log = Logger.getLogger(LeakedPasswords.class);
  private static final String BUNDLED = "/rowlock/keycloak/registration/leaked-passwords.filter";

  /** Maximum number of characters for patterns and forms: normalization takes quadratic time. */
  private static final int MAX_LENGTH = 1024;

  /** The reason for a refusal; none contains the password. */
  enum Verdict {
    PASSED,
    PATTERN,
    CONTEXT,
    BUNDLED,
    PARTS,
    FILE,
    RANGE
  }

  /** An operator's list of either format. */
  private interface Listed {
    boolean contains(String password) throws IOException;
  }

  private final FuseFilter bundled;
  private final @Nullable WatchedFile<Listed> file;
  private final @Nullable RangeLookup range;

  /** The list that was last found to be damaged. */
  private final AtomicReference<@Nullable Listed> damaged = new AtomicReference<>();

  private LeakedPasswords(
      FuseFilter bundled, @Nullable WatchedFile<Listed> file, @Nullable RangeLookup range) {
    this.bundled = bundled;
    this.file = file;
    this.range = range;
  }

  /**
   * Opens the bundled list and the operator's.
   *
   * @param setting the name of the setting that holds the path
   * @throws IllegalArgumentException if the file is invalid, with the reason
   */
  static LeakedPasswords open(String setting, @Nullable String path, @Nullable RangeLookup range) {
    var file = path == null ? null : WatchedFile.open(setting, path, LeakedPasswords::list);
    return new LeakedPasswords(bundled(), file, range);
  }

  /**
   * Checks a password. Patterns and forms are those of its first {@value #MAX_LENGTH} characters;
   * lists are searched for the whole password.
   *
   * @param context public names: of the realm, the client, the user
   */
  Verdict judge(KeycloakSession session, String password, Collection<String> context) {
    var verdict = judgeOffline(password, context);
    return verdict == Verdict.PASSED && range != null && range.contains(session, password)
        ? Verdict.RANGE
        : verdict;
  }

  /** Checks a password as {@link #judge} does, without the range look-up. */
  Verdict judgeOffline(String password, Collection<String> context) {
    var start = password.substring(0, Math.min(password.length(), MAX_LENGTH));
    if (PasswordForms.isPattern(start)) {
      return Verdict.PATTERN;
    }
    var forms = PasswordForms.of(start);
    if (forms.stream()
        .anyMatch(form -> context.stream().anyMatch(word -> PasswordForms.isWord(form, word)))) {
      return Verdict.CONTEXT;
    }
    if (forms.stream().anyMatch(bundled::contains)) {
      return Verdict.BUNDLED;
    }
    if (PasswordForms.isTwoParts(start, part -> bundled.contains(part) || context.contains(part))) {
      return Verdict.PARTS;
    }
    return file != null && isListed(file.content(), password) ? Verdict.FILE : Verdict.PASSED;
  }

  /** Returns the sources, for the admin console. */
  String description() {
    return bundled.size()
        + " bundled"
        + (file == null ? "" : ", " + file.description())
        + (range == null ? "" : ", range look-up");
  }

  /**
   * Returns whether a list contains the password. A damaged list accepts every password; it is
   * logged once, and counted.
   */
  @SuppressWarnings("ReferenceEquality") // a list that was read again is another instance
  private boolean isListed(Listed list, String password) {
    try {
      return list.contains(password);
    } catch (IOException | IllegalArgumentException e) {
      Metrics.counter("rowlock.password.file.failed").increment();
      if (damaged.getAndSet(list) != list) {
        log.warnf(
            "Reading the list of leaked passwords failed: %s; its passwords are accepted until it is replaced",
            e);
      }
      return false;
    }
  }

  private static Listed list(Path path) throws IOException {
    var start = ByteBuffer.allocate(Integer.BYTES);
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.read(start);
    }
    if (FuseFilter.isFilter(start.flip())) {
      var filter = FuseFilter.map(path);
      return password -> PasswordForms.of(password).stream().anyMatch(filter::contains);
    }
    return Sha1List.open(path)::contains;
  }

  static FuseFilter bundled() {
    try (var in = LeakedPasswords.class.getResourceAsStream(BUNDLED)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks " + BUNDLED);
      }
      return FuseFilter.of(ByteBuffer.wrap(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException("The jar is damaged", e);
    }
  }
}
