/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Issues certificates for servers at {@code localhost} with the JDK's keytool. */
final class CertificateAuthority {
  private static final String PASSWORD = "changeit";

  private final Path store;

  /**
   * @param store a file that it keeps its keys in
   */
  CertificateAuthority(Path store) throws Exception {
    this.store = store;
    keytool("-genkeypair", "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
  }

  /**
   * Writes files as cert-manager does: {@code tls.crt}, {@code tls.key}, {@code truststore.p12}.
   */
  void issue(String name, Path folder) throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-dname",
        "CN=" + name,
        "-signer",
        "authority",
        "-ext",
        "san=dns:localhost");
    var keys = open();
    var chain = new StringBuilder();
    for (var certificate : keys.getCertificateChain(name)) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    var key = keys.getKey(name, PASSWORD.toCharArray());
    write(folder.resolve("tls.key"), pem("PRIVATE KEY", key.getEncoded()));
    write(folder.resolve("tls.crt"), chain.toString());
    try (var out = Files.newOutputStream(folder.resolve("truststore.p12"))) {
      trusted().store(out, PASSWORD.toCharArray());
    }
  }

  /** Replaces the file atomically, as a cluster does. */
  private static void write(Path file, String text) throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what);
  }

  SSLContext server(String name) throws GeneralSecurityException, IOException {
    var own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    var keys = open();
    var password = PASSWORD.toCharArray();
    own.setKeyEntry(name, keys.getKey(name, password), password, keys.getCertificateChain(name));
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, password);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** Returns a new client without open connections that trusts this authority alone. */
  HttpClient client() {
    try {
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted());
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(context)
          .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore trusted() throws GeneralSecurityException, IOException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", open().getCertificate("authority"));
    return trusted;
  }

  private KeyStore open() throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "2"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }
}
