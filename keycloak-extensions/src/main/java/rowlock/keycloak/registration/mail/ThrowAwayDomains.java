/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rowlock.keycloak.support.WatchedFile;

/** The domains that provide disposable addresses. Thread-safe. */
final class ThrowAwayDomains {
  private static final String FOLDER = "/rowlock/keycloak/registration/";

  private final @Nullable DomainList bundled;
  private final DomainList kept;
  private final @Nullable WatchedFile<DomainList> file;
  private final String bundledDate;

  private ThrowAwayDomains(
      @Nullable DomainList bundled,
      DomainList kept,
      @Nullable WatchedFile<DomainList> file,
      String bundledDate) {
    this.bundled = bundled;
    this.kept = kept;
    this.file = file;
    this.bundledDate = bundledDate;
  }

  /**
   * Opens the bundled list and the operator's file.
   *
   * @param setting the name of the setting that holds the path
   * @param replaces whether the operator's file replaces the bundled list
   * @throws IllegalArgumentException if the file is invalid, with the reason
   */
  static ThrowAwayDomains open(String setting, @Nullable String path, boolean replaces) {
    var file = path == null ? null : WatchedFile.open(setting, path, DomainList::readText);
    var bundled =
        file != null && replaces ? null : DomainList.resource(FOLDER + "throw-away-domains.txt");
    return new ThrowAwayDomains(bundled, kept(), file, date());
  }

  /**
   * Returns whether a domain is refused. The precedence is: allowed domains, refused domains, known
   * mail providers that lists contain by mistake, the lists.
   */
  boolean isThrowAway(MailDomain domain, Set<String> allowed, Set<String> refused) {
    var names = domain.withParents();
    if (names.stream().anyMatch(allowed::contains)) {
      return false;
    }
    if (names.stream().anyMatch(refused::contains)) {
      return true;
    }
    if (file != null && file.content().covers(domain)) {
      return true;
    }
    return bundled != null && !kept.covers(domain) && bundled.covers(domain);
  }

  /** Returns the number of domains and the date of the list, for the admin console. */
  String description() {
    var list = bundled == null ? "" : bundled.size() + " domains of " + bundledDate;
    var own = file == null ? "" : file.content().size() + " in " + file.description();
    return list + (list.isEmpty() || own.isEmpty() ? "" : ", ") + own;
  }

  private static DomainList kept() {
    try (var in = open("kept-mail.txt")) {
      var lines = new String(in.readAllBytes(), UTF_8).lines();
      return DomainList.of(
          lines
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .collect(Collectors.toCollection(HashSet::new)));
    } catch (IOException e) {
      throw new UncheckedIOException("The jar is damaged", e);
    }
  }

  private static String date() {
    try (var in = open("lists.properties")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("throw-away-domains.date");
    } catch (IOException e) {
      throw new UncheckedIOException("The jar is damaged", e);
    }
  }

  private static InputStream open(String name) {
    var in = ThrowAwayDomains.class.getResourceAsStream(FOLDER + name);
    if (in == null) {
      throw new IllegalStateException("The jar lacks " + name);
    }
    return in;
  }
}
