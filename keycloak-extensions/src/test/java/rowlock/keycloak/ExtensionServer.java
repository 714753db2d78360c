/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.keycloak.storage.UserStorageProviderFactory;
import rowlock.keycloak.budget.BudgetProbeFactory;
import rowlock.keycloak.login.guessing.HashCounterFactory;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.keycloak.revocation.TestDirectoryFactory;
import rowlock.keycloak.support.ExtensionVersion;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.keycloak.KeycloakSpec;
import rowlock.local.testing.TestServers;

/**
 * A Keycloak server with the extensions. A start takes longer than most tests, so one server has
 * the realms of all features. A test that kills its server, or needs several, starts its own with
 * {@link #spec}. All have the same extensions, so that they share one build of Keycloak.
 */
public final class ExtensionServer {
  /** Maximum number of anonymous events that the server stores for one address and day. */
  public static final int STORED_PER_ADDRESS = 60;

  private static final List<String> OPTIONS =
      List.of(
          "--proxy-headers=xforwarded",
          "--spi-events-listener--rowlock-guessing--exempt-networks=198.19.0.0/16",
          "--spi-events-store--rowlock-events-store--anonymous-per-address-and-day="
              + STORED_PER_ADDRESS);

  private ExtensionServer() {}

  /** Returns the server that all tests of this JVM share. */
  public static KeycloakServer shared() {
    return Shared.SERVER;
  }

  /** Returns the specification of a server with these realms of the test resources. */
  public static KeycloakSpec spec(String... realms) {
    return new KeycloakSpec(
        Providers.ALL,
        Stream.of(realms).map(ExtensionServer::realmFile).toList(),
        List.of(),
        OPTIONS,
        Map.of());
  }

  private static Path realmFile(String realm) {
    try {
      return Path.of(
          Objects.requireNonNull(
                  ExtensionServer.class.getResource("/" + realm + "-realm.json"), realm)
              .toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Providers {
    static final List<Path> ALL =
        List.of(
            classes(),
            BudgetProbeFactory.extension(),
            HashCounterFactory.extension(),
            TestExtension.of(TestDirectoryFactory.class, UserStorageProviderFactory.class));

    private static Path classes() {
      try {
        return Path.of(
            ExtensionVersion.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      } catch (URISyntaxException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Shared {
    static final KeycloakServer SERVER = TestServers.keycloak(spec());

    private static KeycloakSpec spec() {
      var all =
          ExtensionServer.spec(
              "rotation",
              "guessing",
              "guarded-registration",
              "revocation",
              "registration",
              "leaked-login",
              "audit",
              "open-registration",
              "discreet-registration");
      return all.withOptions(
          Stream.concat(all.options().stream(), RegistrationRealm.leakedPasswordOptions().stream())
              .toArray(String[]::new));
    }
  }
}
