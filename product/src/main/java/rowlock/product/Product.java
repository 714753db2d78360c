/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.realm.Realm;
import rowlock.realm.RenderedRealm;
import rowlock.realm.source.DeclaredRealm;

/** Provides the extension and the realm of this build for a stock Keycloak. */
public final class Product {
  /**
   * Option of Keycloak that allows concurrent logins of one user: scripts log in as the
   * administrator several times at once. See docs/login.md.
   */
  public static final String CONCURRENT_LOGINS =
      "--spi-brute-force-protector--default-brute-force-detector--allow-concurrent-requests=true";

  /** Lets Keycloak push events to the services on this machine. */
  public static final String PUSH_TO_LOOPBACK =
      "--spi-events-listener--rowlock-revocation--push-targets=localhost,127.0.0.1,::1";

  /**
   * Option of Keycloak that exempts the loopback addresses from the limits of registration. All
   * users of this machine share them.
   */
  public static final String UNLIMITED_ON_LOOPBACK =
      "--spi-form-action--rowlock-registration-guard--exempt-networks=127.0.0.0/8,::1";

  private static final String ENTRY =
      "META-INF/services/org.keycloak.events.EventListenerProviderFactory";

  private Product() {}

  /**
   * Renders the realm for the given addresses, which have no path. It has no mail server, and new
   * accounts need no confirmed address.
   *
   * @param web of the browser client
   * @param api of task-api
   */
  public static RenderedRealm realm(String web, String api) {
    return Realm.render(Map.of("ROWLOCK_WEB_URL", web, "ROWLOCK_API_URL", api));
  }

  /**
   * Renders the realm with the mail server of the local stack.
   *
   * @param web of the browser client
   * @param api of task-api
   * @param smtpPort of the mail server on this machine
   * @param verifyEmail whether a new account requires a confirmed address
   */
  public static RenderedRealm realm(String web, String api, int smtpPort, boolean verifyEmail) {
    return RenderedRealm.of(declaredRealm(web, api, smtpPort, verifyEmail));
  }

  /** Returns the source of the same realm. */
  static DeclaredRealm declaredRealm(String web, String api, int smtpPort, boolean verifyEmail) {
    return Realm.declared(
        Realm.NAME,
        Map.of(
            "ROWLOCK_WEB_URL",
            web,
            "ROWLOCK_API_URL",
            api,
            "ROWLOCK_SMTP_HOST",
            "127.0.0.1",
            "ROWLOCK_SMTP_PORT",
            Integer.toString(smtpPort),
            // the mail server runs on this machine
            "ROWLOCK_SMTP_STARTTLS",
            "false",
            "ROWLOCK_SMTP_FROM",
            "rowlock@localhost.localdomain",
            "ROWLOCK_VERIFY_EMAIL",
            Boolean.toString(verifyEmail)),
        true);
  }

  /**
   * Writes the realm and returns the specification of a Keycloak with it and the extension.
   *
   * @param file where the realm is written
   */
  public static KeycloakSpec keycloak(RenderedRealm realm, Path file) {
    try {
      realm.writeTo(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new KeycloakSpec(List.of(extension()), List.of(file)).withOptions(UNLIMITED_ON_LOOPBACK);
  }

  /** Returns the extension's jar, or its directory of classes if the build has not packaged it. */
  public static Path extension() {
    var entry = Product.class.getClassLoader().getResource(ENTRY);
    if (entry == null) {
      throw new IllegalStateException("keycloak-extensions is not on the class path");
    }
    var location = entry.toString();
    try {
      return location.startsWith("jar:")
          ? Path.of(URI.create(location.substring("jar:".length(), location.indexOf("!/"))))
          : Path.of(entry.toURI()).resolve("../../..").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The extension is not in a file: " + location, e);
    }
  }
}
