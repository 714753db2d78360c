/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.UNICODE_CASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.services.messages.Messages;

/**
 * All messages of the theme {@code rowlock} in a real server: the server's, the extensions' and the
 * theme's. A new version of the server that adds a message with a technical term fails here, with
 * the key of the message.
 */
class MessagesIT {
  private static final GuessingRealm REALM = GuessingRealm.shared();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final Map<String, Pattern> DEVELOPERS_WORDS =
      Map.of(
          "en",
          words(
              "parameter|clients?\\b|session|token|ascii|local part|null\\b|uri\\b|url"
                  + " (scheme|fragment)|redirect|realm|idp\\b|identity"
                  + " provider|broker|federated|credential|webauthn|otp\\b|totp|regex|flow\\b|response_type|scope|internal"
                  + " server|claim|nameid|bearer|requester|relay|access"
                  + " code|saml|x\\.?509|json|attribute|unexpected"
                  + " error|2fa|authenticat(e|ion|ed)\\b|execution"),
          "de",
          words(
              "parameter|clients?\\b|session|token|ascii|lokale[rn]?"
                  + " teil|null\\b|uri\\b|url-?schema|redirect|realm|idp\\b|identity"
                  + " provider|identitätsanbieter|identitätsprovider|broker|föderiert|credential|webauthn"
                  + "|otp\\b|totp|regex|flow\\b|response|scope|server-fehler|claim|nameid|bearer|requester|relay|access-code|saml|x\\.?509|json|attribut|unerwarteter"
                  + " fehler|2fa|authentifizier|request|one-?time|logout|verifizier"));

  /** Pages and mails of features that the realm does not have. */
  private static final Pattern NOT_IN_THE_REALM =
      Pattern.compile(
          // consents of clients and their roles; OpenShift; SAML; logins in a terminal
          "(role_|client_|openshift\\.|saml\\.|console-).*|.*ScopeConsentText"
              // wallets, Kerberos, client certificates
              + "|credentialOffer.*|verifiableCredential.*|oid4vci|did|gss.*|delegation.*|auth-x509.*|clientCertificate|noCertificate|doX509Login"
              // the list of themes in the administration
              + "|theme\\..*");

  /**
   * Messages that the account console does not show: its predecessor's texts, wallets, permissions.
   */
  private static final Pattern NOT_IN_THE_CONSOLE =
      Pattern.compile(
          "(role_|client_|totp|credential|offlineToken|verifiable|theme\\.).*|.*(Credential|Scope).*|.*Help|rolesScope"
              + "|realmName|sessions|doLogOutAllSessions|.*HtmlTitle|federatedIdentity|identityProvider|identityProviderMessage");

  @ParameterizedTest
  @ValueSource(strings = {"login", "email"})
  void everyMessage_hasBothLanguages(String type) {
    assertThat(messages(type, "de").keySet()).isEqualTo(messages(type, "en").keySet());
  }

  @ParameterizedTest
  @CsvSource({"login, en", "login, de", "email, en", "email, de"})
  void everyMessage_hasNoTechnicalTerm(String type, String language) {
    assertThat(offending(messages(type, language), DEVELOPERS_WORDS.get(language)))
        .isEqualTo(Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void accountConsole_hasNoTechnicalTerm(String language) {
    var words =
        words(
            "parameter|ascii|local part|lokale[rn]?"
                + " teil|null\\b|uri\\b|scheme|schema|fragment|regex|token|attribut|credential|idp\\b|identity"
                + " provider|identitätsprovider|föderiert|federated|scope|2fa|unexpected");
    var shown = messages("account", language);
    shown.keySet().removeIf(key -> NOT_IN_THE_CONSOLE.matcher(key).matches());

    assertThat(offending(shown, words)).isEqualTo(Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void everyKeyOfTheServer_hasAText(String language) {
    var known = messages("login", language);

    var named =
        Arrays.stream(Messages.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == String.class)
            .map(MessagesIT::value)
            // errors of the administration
            .filter(key -> !key.matches("client.*Exceeds.*"));
    assertThat(named.filter(key -> !known.containsKey(key))).isEmpty();
  }

  @Test
  void everyKeyOfOurPagesAndMails_hasAText() throws IOException {
    var known = new TreeSet<>(messages("login", "en").keySet());
    known.addAll(messages("email", "en").keySet());
    var key = Pattern.compile("msg\\(\"([^\"]+)\"[,)]");

    try (var files = Files.walk(Path.of("src/main/resources"))) {
      var keys =
          files
              .filter(file -> file.toString().endsWith(".ftl"))
              .flatMap(file -> key.matcher(read(file)).results())
              .map((MatchResult found) -> found.group(1))
              .toList();
      assertThat(keys).isNotEmpty().allSatisfy(one -> assertThat(known).contains(one));
    }
  }

  @Test
  void addressWithoutMailSupport_isExplained() {
    assertThat(messages("login", "en").get("error-non-ascii-local-part-email"))
        .contains("We cannot send mail to an address with letters such as ä");
    assertThat(messages("account", "de").get("error-non-ascii-local-part-email"))
        .contains("Umlauten");
  }

  private static Map<String, String> offending(Map<String, String> messages, Pattern words) {
    var found = new TreeMap<>(messages);
    found
        .entrySet()
        .removeIf(
            one ->
                NOT_IN_THE_REALM.matcher(one.getKey()).matches()
                    || !words.matcher(one.getValue()).find());
    return found;
  }

  private static Map<String, String> messages(String type, String language) {
    var found = new TreeMap<String, String>();
    GuessingRealm.JSON
        .readTree(get("/resources/master/%s/%s?theme=rowlock".formatted(type, language)))
        .forEach(one -> found.put(one.path("key").asString(), one.path("value").asString()));
    return found;
  }

  private static String get(String path) {
    try {
      var request = HttpRequest.newBuilder(URI.create(REALM.server().url() + path)).build();
      return HTTP.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Pattern words(String alternatives) {
    return Pattern.compile("\\b(" + alternatives + ")", CASE_INSENSITIVE | UNICODE_CASE);
  }

  private static String value(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
