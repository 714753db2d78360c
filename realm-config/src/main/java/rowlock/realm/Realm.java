/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import rowlock.realm.source.DeclaredRealm;
import rowlock.realm.source.RealmSource;
import rowlock.realm.source.RealmSourceException;
import rowlock.realm.source.StageValues;

/**
 * Renders the realm {@code rowlock} from readable YAML, one file per concern, to the JSON file that
 * Keycloak imports.
 *
 * <p>Rendering merges the files, omits those whose condition ({@code when}) does not hold, and
 * replaces placeholders of the form {@code ${NAME}} or {@code ${NAME:default}}. An object may be
 * spread over several files; a value that two files set is an error. Properties that Keycloak's own
 * representation of a realm does not have are refused.
 */
public final class Realm {
  /** Name of the realm, the last part of its issuer. */
  public static final String NAME = "rowlock";

  /** Name of the realm whose accounts administer all realms. */
  public static final String MASTER = "master";

  private static final String PACKAGED_SOURCE = "rowlock/realm/files/rowlock";
  private static final String PACKAGED_MASTER = "rowlock/realm/files/master";

  private Realm() {}

  /**
   * Renders the realm of this library.
   *
   * @param values of the placeholders by name, such as the process environment: {@code
   *     ROWLOCK_WEB_URL} and {@code ROWLOCK_API_URL}, each an absolute URL without a path, and the
   *     names in the README. Others are ignored.
   * @throws RealmSourceException if a placeholder has no value or an invalid value
   */
  public static RenderedRealm render(Map<String, String> values) {
    return packaged(PACKAGED_SOURCE, source -> render(source, values));
  }

  /**
   * Renders the realm for a server without our extensions, which would refuse to import unknown
   * names: all files except those in {@code extensions/}. Refresh tokens then follow the server's
   * own, stricter rotation.
   *
   * @throws RealmSourceException as {@link #render(Map)}
   */
  public static RenderedRealm renderWithoutExtensions(Map<String, String> values) {
    return packaged(PACKAGED_SOURCE, source -> renderWithoutExtensions(source, values));
  }

  /**
   * Renders the settings of the realm {@code master}. Keycloak imports them into an empty database
   * only. In a file whose name ends in {@code -realm.json}, they are imported before the other
   * realms.
   */
  public static RenderedRealm renderMaster() {
    return packaged(PACKAGED_MASTER, source -> render(source, Map.of()));
  }

  private static <T> T packaged(String folder, Function<Path, T> reading) {
    try {
      var home = Path.of(Realm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(home)) {
        return reading.apply(home.resolve(folder));
      }
      try (var jar = FileSystems.newFileSystem(home)) {
        return reading.apply(jar.getPath(folder));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The library is not in a file", e);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading the library's own file failed", e);
    }
  }

  /**
   * Renders a realm from a folder. It contains fragments of a realm as {@code *.yaml}, one client
   * per file in {@code clients/}, and likewise {@code client-scopes/}, {@code flows/}, {@code
   * required-actions/} and {@code identity-providers/}. Each file has the name of its object.
   * Fragments in {@code extensions/} need our jar in the server.
   *
   * @param values of the placeholders by name
   * @throws RealmSourceException if the source is invalid or a placeholder has no value
   */
  public static RenderedRealm render(Path sourceDir, Map<String, String> values) {
    return RenderedRealm.of(RealmSource.read(sourceDir, values, true));
  }

  /** Renders a realm from a folder without {@code extensions/}. */
  public static RenderedRealm renderWithoutExtensions(Path sourceDir, Map<String, String> values) {
    return RenderedRealm.of(RealmSource.read(sourceDir, values, false));
  }

  /**
   * Reads the realm {@link #NAME} or {@link #MASTER} of this library.
   *
   * @param values of the placeholders by name
   * @param extensions whether the server has our jar
   * @throws RealmSourceException as {@link #render(Map)}
   */
  public static DeclaredRealm declared(
      String name, Map<String, String> values, boolean extensions) {
    return declared(name, StageValues.of(values), extensions);
  }

  /** Reads a realm of this library with the values of a stage. */
  public static DeclaredRealm declared(String name, StageValues values, boolean extensions) {
    var folder = name.equals(MASTER) ? PACKAGED_MASTER : PACKAGED_SOURCE;
    return packaged(folder, source -> RealmSource.read(source, values, extensions));
  }
}
