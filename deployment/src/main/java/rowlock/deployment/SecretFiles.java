/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** Writes a folder for each server that only that server can read. */
final class SecretFiles {
  /** The servers, with the user ids of their images. */
  enum Server {
    DB(999),
    KEYCLOAK(1000),
    API(10001),
    WEB(10002),
    PROXY(99),
    GRAFANA(472);

    private final int user;

    Server(int user) {
      this.user = user;
    }

    String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  record Place(Server server, String file) {}

  private final Path root;

  SecretFiles(Path root) {
    this.root = root;
  }

  boolean has(Place place) {
    return Files.exists(path(place));
  }

  String read(Place place) throws IOException {
    return Files.readString(path(place));
  }

  /** Writes a file atomically. Other users can read it at no time. */
  void write(Place place, String text) throws IOException {
    var file = path(place);
    Files.createDirectories(file.resolveSibling("").normalize());
    var draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("r--------"));
    give(draft, place.server());
    seal(root.resolve(place.server().folder()), place.server());
    seal(file.resolveSibling("").normalize(), place.server());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path path(Place place) {
    return root.resolve(place.server().folder()).resolve(place.file());
  }

  private static void seal(Path folder, Server server) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    give(folder, server);
  }

  /** Gives a file to the server's user, if this process may change owners, as in a container. */
  private static void give(Path path, Server server) throws IOException {
    if (ProcessHandle.current().info().user().orElse("").equals("root")) {
      Files.setAttribute(path, "unix:uid", server.user);
    }
  }
}
