/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The secrets of all servers, in one folder for each of them, which only that server is to see.
 * What is there stays as it is: an operator can put files of their own first.
 */
final class Secrets {

  private static final int RSA_BITS = 3072;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The user ids that the servers run as in our images. */
  private enum Server {
    DB(999),
    KEYCLOAK(1000),
    API(10001),
    WEB(10002);

    private final int user;

    Server(int user) {
      this.user = user;
    }

    String folder() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Place(Server server, String file) {}

  private final Path root;

  Secrets(Path root) {
    this.root = root;
  }

  /**
   * Makes what is missing.
   *
   * @return how many secrets that were
   */
  int makeMissing() throws IOException {
    int made = 0;
    made += make(Secrets::password, new Place(Server.DB, "superuser"));
    made +=
        make(
            Secrets::password,
            new Place(Server.DB, "keycloak"),
            new Place(Server.KEYCLOAK, "db-password"));
    made +=
        make(
            Secrets::password,
            new Place(Server.DB, "tasks_owner"),
            new Place(Server.API, "settings/rowlock.db.migration.password"));
    made +=
        make(
            Secrets::password,
            new Place(Server.DB, "sessions_owner"),
            new Place(Server.WEB, "settings/rowlock.web.db.migration.password"));
    made += make(Secrets::password, new Place(Server.API, "settings/rowlock.db.password"));
    made += make(Secrets::password, new Place(Server.API, "settings/rowlock.db.ledger.password"));
    made += make(Secrets::password, new Place(Server.WEB, "settings/rowlock.web.db.password"));
    made += make(Secrets::password, new Place(Server.KEYCLOAK, "admin-password"));
    made += make(Secrets::privateKey, new Place(Server.API, "client-key.pem"));
    made += make(Secrets::privateKey, new Place(Server.WEB, "client-key.pem"));
    made += make(Secrets::aesKey, new Place(Server.WEB, "session-key"));
    return made;
  }

  /** One secret, the same in all places. */
  private int make(Supplier<String> secret, Place... places) throws IOException {
    String value = null;
    int missing = 0;
    for (Place place : List.of(places)) {
      if (Files.exists(path(place))) {
        value = Files.readString(path(place));
      } else {
        missing++;
      }
    }
    if (missing == 0) {
      return 0;
    }
    String text = value == null ? secret.get() : value;
    for (Place place : List.of(places)) {
      if (!Files.exists(path(place))) {
        write(place, text);
      }
    }
    return 1;
  }

  private Path path(Place place) {
    return root.resolve(place.server().folder()).resolve(place.file());
  }

  /** Appears whole or not at all, and never readable for others. */
  private void write(Place place, String text) throws IOException {
    Path file = path(place);
    Files.createDirectories(file.resolveSibling("").normalize());
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(draft, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("r--------"));
    give(draft, place.server());
    seal(root.resolve(place.server().folder()), place.server());
    seal(file.resolveSibling("").normalize(), place.server());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void seal(Path folder, Server server) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    give(folder, server);
  }

  /** Outside a container, where this is nobody's administrator, files stay with who makes them. */
  private static void give(Path path, Server server) throws IOException {
    if (ProcessHandle.current().info().user().orElse("").equals("root")) {
      Files.setAttribute(path, "unix:uid", server.user);
    }
  }

  private static String password() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(24));
  }

  private static String aesKey() {
    return Base64.getEncoder().encodeToString(random(32));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** PKCS #8 in PEM (RFC 7468 section 10). */
  private static String privateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS, RANDOM);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }
}
