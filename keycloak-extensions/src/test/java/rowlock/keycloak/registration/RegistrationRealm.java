/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import rowlock.keycloak.ExtensionServer;
import rowlock.local.keycloak.AdminApi;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.local.login.AuthorizationCodeFlow;
import rowlock.local.login.BrowserSession;
import rowlock.local.login.Page;
import tools.jackson.databind.JsonNode;

/**
 * One server with the realms of these tests, behind a proxy that forwards the peer address: {@code
 * registration} has the checks of passwords and addresses, {@code guarded-registration} the guard,
 * {@code discreet-registration} hides existing accounts, and {@code open-registration} is the same
 * without hiding.
 *
 * @param realm one of them
 */
public record RegistrationRealm(String realm) {
  /** A password that every check accepts. */
  public static final String PASSWORD = "three-unrelated-words";

  /** A password that only the operator's file contains. */
  public static final String IN_THE_FILE = "a phrase of the file";

  private static final String CLIENT = "storefront";
  private static final String LEAKED = "--spi-password-policy--leaked-password--";

  /** Returns the server of all realms. */
  public static KeycloakServer server() {
    return ExtensionServer.shared();
  }

  /** Returns the admin API. */
  public static AdminApi admin() {
    return new AdminApi(server());
  }

  /** Reads a resource of the realm. */
  public JsonNode read(String path) {
    return admin().get("/realms/" + realm + path);
  }

  /** Returns the login of the realm's client. */
  public AuthorizationCodeFlow flow() {
    return new AuthorizationCodeFlow(server().issuer(realm), CLIENT);
  }

  /** Opens the registration page in a new browser. */
  public Page registration() {
    return flow().begin().loginPage().follow("a[href*='login-actions/registration']");
  }

  /** Opens the registration page from this peer address. */
  public Page registration(String address) {
    return registration(browser(address));
  }

  /** Opens the registration page in this browser. */
  public Page registration(BrowserSession browser) {
    return flow().begin(browser).loginPage().follow("a[href*='login-actions/registration']");
  }

  /** Returns a browser with this peer address. */
  public BrowserSession browser(String address) {
    var browser = flow().newBrowser();
    browser.sendHeader("X-Forwarded-For", address);
    return browser;
  }

  /** Returns whether there is an account with this address. */
  public boolean knows(String mail) {
    return !read("/users?exact=true&email=" + mail).isEmpty();
  }

  /** Sends the realm's mails through this port. */
  public void mailThrough(int port) {
    admin()
        .put(
            "/realms/" + realm,
            "{\"smtpServer\":{\"host\":\"127.0.0.1\",\"port\":\"%d\",\"from\":\"registration@example.org\"}}"
                .formatted(port));
  }

  /** Returns all metrics of the server. */
  public static String metrics() {
    var request = HttpRequest.newBuilder(URI.create(server().managementUrl() + "/metrics")).build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns an unused address. */
  public static String newMail() {
    return "user-" + UUID.randomUUID() + "@example.org";
  }

  /** Returns the options of a server that rejects leaked passwords by a file and a service. */
  public static List<String> leakedPasswordOptions() {
    try {
      return List.of(
          LEAKED + "file=" + leakedFile(),
          LEAKED + "range-url=" + RangeService.SHARED.address(),
          LEAKED + "range-timeout-millis=500");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes an operator's file: hashes in ascending order. */
  private static Path leakedFile() throws IOException {
    var folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "leaked");
    var file = folder.resolve("hashes.txt");
    return Files.writeString(
        file,
        Stream.of(IN_THE_FILE, "another phrase of the file")
            .map(RangeService::sha1)
            .sorted()
            .collect(Collectors.joining(":7\n", "", ":7\n")));
  }
}
