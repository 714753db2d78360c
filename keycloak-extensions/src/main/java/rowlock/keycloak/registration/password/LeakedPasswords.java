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

/** Where a password is looked up, cheapest first. Thread-safe. */
final class LeakedPasswords {
  private static final Logger LOG = Logger.getLogger(LeakedPasswords.class);
  private static final String BUNDLED = "/rowlock/keycloak/registration/leaked-passwords.filter";

  /** Characters that patterns and forms are looked for in: normalizing takes quadratic time. */
  private static final int LONGEST = 1024;

  /** Why a password is refused; none of them tells the password. */
  enum Verdict {
    PASSED,
    PATTERN,
    CONTEXT,
    BUNDLED,
    FILE,
    RANGE
  }

  /** An operator's list, of whichever kind. */
  private interface Listed {
    boolean contains(String password) throws IOException;
  }

  private final FuseFilter bundled;
  private final @Nullable WatchedFile<Listed> file;
  private final @Nullable RangeLookup range;

  /** The list that was last found damaged. */
  private final AtomicReference<@Nullable Listed> damaged = new AtomicReference<>();

  private LeakedPasswords(
      FuseFilter bundled, @Nullable WatchedFile<Listed> file, @Nullable RangeLookup range) {
    this.bundled = bundled;
    this.file = file;
    this.range = range;
  }

  /**
   * The bundled list, and what the operator adds.
   *
   * @param setting the name of the setting that holds the path
   * @throws IllegalArgumentException if the file cannot be used, saying why
   */
  static LeakedPasswords open(String setting, @Nullable String path, @Nullable RangeLookup range) {
    var file = path == null ? null : WatchedFile.open(setting, path, LeakedPasswords::list);
    return new LeakedPasswords(bundled(), file, range);
  }

  /**
   * Judges a password. Patterns and forms are those of its first {@value #LONGEST} characters;
   * lists of whole passwords are asked for all of it.
   *
   * @param context names that everybody knows: of the realm, the client, the person
   */
  Verdict judge(KeycloakSession session, String password, Collection<String> context) {
    var start = password.substring(0, Math.min(password.length(), LONGEST));
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
    if (file != null && isListed(file.content(), password)) {
      return Verdict.FILE;
    }
    return range != null && range.contains(session, password) ? Verdict.RANGE : Verdict.PASSED;
  }

  /** For the console: what is looked at. */
  String description() {
    return bundled.size()
        + " bundled"
        + (file == null ? "" : ", " + file.description())
        + (range == null ? "" : ", range look-up");
  }

  /** A list that is damaged keeps nobody from having a password: it is said once, and counted. */
  @SuppressWarnings("ReferenceEquality") // a list that was read again is another one
  private boolean isListed(Listed list, String password) {
    try {
      return list.contains(password);
    } catch (IOException | IllegalArgumentException e) {
      Metrics.counter("rowlock.password.file.failed").increment();
      if (damaged.getAndSet(list) != list) {
        LOG.warnf(
            "The list of leaked passwords is damaged, and its passwords are accepted until it is replaced: %s",
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
