/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The realm {@code rowlock}: readable YAML, one file per concern, rendered into the one JSON file
 * that Keycloak imports.
 *
 * <p>Rendering merges the files (an object may be spread over several; a value that two files set
 * is an error), leaves out those whose condition ({@code when}) does not hold, puts values in for
 * placeholders of the form {@code ${NAME}} or {@code ${NAME:default}}, and refuses any property
 * that Keycloak's own representation of a realm does not have.
 */
public final class Realm {
  /** The realm's name, the last part of its issuer. */
  public static final String NAME = "rowlock";

  /** The name of the realm whose accounts administrate all realms. */
  public static final String MASTER = "master";

  private static final String PACKAGED_SOURCE = "rowlock/realm/source";
  private static final String PACKAGED_MASTER = "rowlock/realm/master";

  private Realm() {}

  /**
   * Renders the realm that comes with this library.
   *
   * @param values what to put in for the placeholders, by name, such as the process environment:
   *     {@code ROWLOCK_WEB_URL} and {@code ROWLOCK_API_URL}, each an absolute URL without a path,
   *     and what the README names. Others are ignored.
   * @throws RealmSourceException when a placeholder has no value or a value that cannot be meant
   */
  public static RenderedRealm render(Map<String, String> values) {
    return packaged(PACKAGED_SOURCE, source -> render(source, values));
  }

  /**
   * The same for a server that has not our extensions and would refuse to import what it does not
   * know: all but the folder {@code extensions/}. Refresh tokens then rotate by the server's own,
   * stricter rule.
   *
   * @throws RealmSourceException as {@link #render(Map)}
   */
  public static RenderedRealm renderWithoutExtensions(Map<String, String> values) {
    return packaged(PACKAGED_SOURCE, source -> renderWithoutExtensions(source, values));
  }

  /**
   * Renders the settings of the realm {@code master}. Keycloak imports them into an empty database
   * only; imported in a file whose name ends in {@code -realm.json}, they come before the other
   * realms.
   */
  public static RenderedRealm renderMaster() {
    return packaged(PACKAGED_MASTER, source -> render(source, Map.of()));
  }

  private static RenderedRealm packaged(String folder, Function<Path, RenderedRealm> rendering) {
    try {
      var home = Path.of(Realm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(home)) {
        return rendering.apply(home.resolve(folder));
      }
      try (var jar = FileSystems.newFileSystem(home)) {
        return rendering.apply(jar.getPath(folder));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The library is not loaded from a file", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the library's own file", e);
    }
  }

  /**
   * Renders a realm from a folder: fragments of a realm as {@code *.yaml}, one client per file in
   * {@code clients/}, and likewise {@code client-scopes/}, {@code flows/}, {@code
   * required-actions/} and {@code identity-providers/}, each file named after what it holds; in
   * {@code extensions/}, fragments of a realm that need our jar in the server.
   *
   * @param values what to put in for the placeholders, by name
   * @throws RealmSourceException when the source is not sound or a placeholder has no value
   */
  public static RenderedRealm render(Path sourceDir, Map<String, String> values) {
    return render(Fragment.readAll(sourceDir), values);
  }

  /** The same without {@code extensions/}. */
  public static RenderedRealm renderWithoutExtensions(Path sourceDir, Map<String, String> values) {
    var stock =
        Fragment.readAll(sourceDir).stream()
            .filter(fragment -> !fragment.needsExtensions())
            .toList();
    return render(stock, values);
  }

  private static RenderedRealm render(List<Fragment> fragments, Map<String, String> values) {
    var placeholders = new Placeholders(values);
    var merged = new MergedRealm();
    var notes = new ArrayList<String>();
    var replaced = fragments.stream().map(Fragment::standsInFor).collect(Collectors.toSet());
    // what needs our jar adds to what does not
    var ordered =
        fragments.stream().sorted(Comparator.comparing(Fragment::needsExtensions)).toList();
    for (var fragment : ordered) {
      if (replaced.contains(fragment.file())) {
        continue;
      }
      if (!fragment.condition().holds(values)) {
        fragment.condition().note(values).ifPresent(notes::add);
        continue;
      }
      var complete = placeholders.resolve(fragment);
      complete.withComponentSettingsAsText().refuseUnknownProperties();
      merged.add(complete);
    }
    return RenderedRealm.of(merged.toJson(), notes);
  }
}
