/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment;

import java.io.IOException;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import rowlock.deployment.SecretFiles.Place;
import rowlock.deployment.SecretFiles.Server;

/**
 * Generates the secrets of all servers, in one folder for each server. Existing files are kept, so
 * an operator can provide their own.
 */
final class Secrets {
  private static final int RSA_BITS = 3072;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretFiles files;

  Secrets(SecretFiles files) {
    this.files = files;
  }

  /**
   * Generates missing secrets.
   *
   * @return the number of generated secrets
   */
  int makeMissing() throws IOException {
    var made = 0;
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
    made += make(Secrets::password, new Place(Server.GRAFANA, "admin-password"));
    made += make(Secrets::privateKey, new Place(Server.API, "client-key.pem"));
    made += make(Secrets::privateKey, new Place(Server.WEB, "client-key.pem"));
    made += make(Secrets::aesKey, new Place(Server.WEB, "session-key"));
    return made;
  }

  /** Writes one secret to all its places. */
  private int make(Supplier<String> secret, Place... places) throws IOException {
    String value = null;
    var missing = 0;
    for (var place : List.of(places)) {
      if (files.has(place)) {
        value = files.read(place);
      } else {
        missing++;
      }
    }
    if (missing == 0) {
      return 0;
    }
    var text = value == null ? secret.get() : value;
    for (var place : List.of(places)) {
      if (!files.has(place)) {
        files.write(place, text);
      }
    }
    return 1;
  }

  private static String password() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(24));
  }

  private static String aesKey() {
    return Base64.getEncoder().encodeToString(random(32));
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Returns a new private key as PKCS #8 in PEM (RFC 7468 §10). */
  private static String privateKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS, RANDOM);
      var key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("RSA is unavailable", e);
    }
  }
}
