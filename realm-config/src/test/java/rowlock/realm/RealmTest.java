/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import rowlock.realm.source.RealmSourceException;

class RealmTest {
  private static final Path SOURCE = Path.of("realm");
  private static final Map<String, String> VALUES =
      Map.of(
          "ROWLOCK_WEB_URL",
          "https://tasks.example",
          "ROWLOCK_API_URL",
          "https://api.example:8443");

  @TempDir private Path folder;

  @Test
  void theSameSourceAndValuesGiveTheSameBytes() {
    assertThat(Realm.render(SOURCE, VALUES)).isEqualTo(Realm.render(SOURCE, new HashMap<>(VALUES)));
  }

  @Test
  void thePackagedSourceIsTheFolder() {
    assertThat(Realm.render(VALUES)).isEqualTo(Realm.render(SOURCE, VALUES));
  }

  @Test
  void withoutExtensions_stockServerKnowsAllNames() {
    assertThat(Realm.render(SOURCE, VALUES).json()).contains("\"executor\" : \"refresh-rotation\"");
    assertThat(Realm.renderWithoutExtensions(SOURCE, VALUES).json())
        .doesNotContain(
            "clientProfiles", "clientPolicies", "rowlock-registration", "throw-away", "leaked")
        .contains("\"revokeRefreshToken\" : true", "\"refreshTokenMaxReuse\" : 0");
    assertThat(Realm.renderWithoutExtensions(VALUES))
        .isEqualTo(Realm.renderWithoutExtensions(SOURCE, VALUES));
  }

  @Test
  void extensionFlow_replacesStockFlowOfItsName() {
    assertThat(Realm.render(SOURCE, VALUES).json())
        .contains("\"authenticator\" : \"rowlock-password-form\"")
        .doesNotContain("\"auth-username-password-form\"")
        .containsOnlyOnce("\"alias\" : \"rowlock-browser-form\"");
    assertThat(Realm.renderWithoutExtensions(SOURCE, VALUES).json())
        .contains("\"authenticator\" : \"auth-username-password-form\"")
        .contains("\"authenticator\" : \"deny-access-authenticator\"")
        .doesNotContain("rowlock-password-form", "rowlock-reset-form", "rowlock-reset-mail")
        .doesNotContain("rowlock-direct-grant-guard", "rowlock-not-just-linked");
  }

  @Test
  void anotherValueGivesAnotherHash() {
    var others =
        Map.of("ROWLOCK_WEB_URL", "https://tasks.test", "ROWLOCK_API_URL", "https://api.test");

    assertThat(Realm.render(SOURCE, others).sha256())
        .isNotEqualTo(Realm.render(SOURCE, VALUES).sha256());
  }

  @Test
  void keycloaksOwnClassReadsTheResult() throws IOException {
    var realm =
        new ObjectMapper()
            .readValue(Realm.render(SOURCE, VALUES).json(), RealmRepresentation.class);

    assertThat(realm.getRealm()).isEqualTo(Realm.NAME);
    assertThat(realm.getClients())
        .extracting(client -> client.getClientId())
        .contains("account", "admin-cli", "task-api", "task-cli", "task-web");
    assertThat(client(realm, "task-web").getRedirectUris())
        .containsExactly("https://tasks.example/login/oauth2/code/rowlock");
    assertThat(client(realm, "task-api").getAttributes())
        .containsEntry("rowlock.events.push.url", "https://api.example:8443/events");
  }

  private static ClientRepresentation client(RealmRepresentation realm, String clientId) {
    return realm.getClients().stream()
        .filter(client -> client.getClientId().equals(clientId))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ROWLOCK_WEB_URL", "ROWLOCK_API_URL"})
  void aPlaceholderWithoutAValueIsRefusedByNameAndFile(String name) {
    var unset = new HashMap<>(VALUES);
    unset.remove(name);
    var empty = new HashMap<>(VALUES);
    empty.put(name, " ");

    assertThatThrownBy(() -> Realm.render(SOURCE, unset))
        .isInstanceOf(RealmSourceException.class)
        .message()
        .matches("clients/task-(api|web)\\.yaml: " + name + " is not set");
    assertThatThrownBy(() -> Realm.render(SOURCE, empty))
        .isInstanceOf(RealmSourceException.class)
        .message()
        .endsWith(name + " is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.test", "ftp://shop.test", "https://shop.test/", "https://shop.test/app",
            "https://shop.test?x", "https://shop.test#x",
        "https://user:secret@shop.test", "https://", "https://shop.test\n", "https://${HOME}",
            "https://tasks example", "//shop.test"
      })
  void invalidUrl_isRefusedWithoutRepeatingIt(String url) {
    var values = new HashMap<>(VALUES);
    values.put("ROWLOCK_WEB_URL", url);

    assertThatThrownBy(() -> Realm.render(SOURCE, values))
        .isInstanceOf(RealmSourceException.class)
        .hasMessageContaining("clients/task-web.yaml: ROWLOCK_WEB_URL ")
        .hasMessageNotContaining("shop");
  }

  @Test
  void aDefaultInTheSourceHoldsUntilAValueIsGiven() throws IOException {
    write("a.yaml", "realm: ${NAME:x}\nattributes: {host: \"${HOST:}\"}");

    assertThat(Realm.render(folder, Map.of("NAME", " ")).json()).contains("\"realm\" : \"x\"");
    assertThat(Realm.render(folder, Map.of("NAME", "y", "HOST", "h")).json())
        .contains("\"realm\" : \"y\"", "\"host\" : \"h\"");
  }

  @Test
  void ofSeveralNamesTheFirstThatIsSetCounts() throws IOException {
    write("a.yaml", "realm: ${INSIDE,OUTSIDE}");

    assertThat(Realm.render(folder, Map.of("OUTSIDE", "o")).json()).contains("\"realm\" : \"o\"");
    assertThat(Realm.render(folder, Map.of("INSIDE", "i", "OUTSIDE", "o")).json())
        .contains("\"realm\" : \"i\"");
    assertThatThrownBy(() -> Realm.render(folder, Map.of("INSIDE", " ")))
        .hasMessageContaining("OUTSIDE is not set");
  }

  @Test
  void internalUrls_areUsedBetweenServers() {
    var values = new HashMap<>(VALUES);
    values.put("ROWLOCK_WEB_BACKCHANNEL_URL", "http://web:8000");

    assertThat(Realm.render(SOURCE, values).json())
        .contains("http://web:8000/.well-known/jwks.json", "http://web:8000/logout/connect")
        .contains("https://tasks.example/login/oauth2/code/rowlock");
  }

  @Test
  void conditionalFile_valueMissing_isOmittedWithANote() throws IOException {
    write("a.yaml", "realm: x");
    write("b.yaml", "when: [HOST, USER]\notherwise: no mail is sent\nverifyEmail: true");

    var without = Realm.render(folder, Map.of("HOST", "h", "USER", " "));
    var with = Realm.render(folder, Map.of("HOST", "h", "USER", "u"));

    assertThat(without.json()).doesNotContain("verifyEmail");
    assertThat(without.notes()).containsExactly("USER is not set: no mail is sent");
    assertThat(with.json()).contains("\"verifyEmail\" : true").doesNotContain("when", "otherwise");
    assertThat(with.notes()).isEmpty();
  }

  @Test
  void withoutAMailServerNothingPromisesMail() {
    var realm = Realm.render(SOURCE, VALUES);

    assertThat(realm.json())
        .doesNotContain(
            "smtpServer", "verifyEmail", "resetPasswordAllowed", "\"alias\" : \"UPDATE_EMAIL\"");
    assertThat(realm.notes()).singleElement().asString().startsWith("ROWLOCK_SMTP_HOST is not set");
  }

  @Test
  void mailServer_default_addressesAreConfirmed() {
    var values = new HashMap<>(VALUES);
    values.put("ROWLOCK_SMTP_HOST", "mail.example");
    values.put("ROWLOCK_SMTP_FROM", "rowlock@example.org");

    assertThat(Realm.render(SOURCE, values).json())
        .contains("\"verifyEmail\" : \"true\"", "\"starttls\" : \"true\"");
    values.put("ROWLOCK_VERIFY_EMAIL", "false");
    assertThat(Realm.render(SOURCE, values).json()).contains("\"verifyEmail\" : \"false\"");
    assertThat(Realm.render(SOURCE, values).json()).contains("\"allowutf8\" : \"false\"");
    values.put("ROWLOCK_SMTP_UTF8", "true");
    assertThat(Realm.render(SOURCE, values).json()).contains("\"allowutf8\" : \"true\"");
    values.put("ROWLOCK_VERIFY_EMAIL", "maybe");
    assertThatThrownBy(() -> Realm.render(SOURCE, values))
        .hasMessage("mail.yaml: verifyEmail has a value that Keycloak cannot read");
  }

  @Test
  void valueSetInTwoFiles_isRefusedNamingBoth() throws IOException {
    write("a.yaml", "realm: x\nattributes: {one: 1}");
    write("b.yaml", "attributes: {two: 2, one: 3}");

    assertThatThrownBy(() -> Realm.render(folder, Map.of()))
        .hasMessage("b.yaml: attributes.one is set in a.yaml already");
  }

  @Test
  void anObjectMayBeSpreadOverFiles() throws IOException {
    write("a.yaml", "realm: x\nattributes: {one: 1}");
    write("b.yaml", "attributes: {two: 2}");

    assertThat(Realm.render(folder, Map.of()).json().replaceAll("\\s", ""))
        .isEqualTo("{\"attributes\":{\"one\":1,\"two\":2},\"realm\":\"x\"}");
  }

  @Test
  void aNamedElementOfAListAndThePasswordPolicyMayBeSpreadOverFiles() throws IOException {
    write(
        "a.yaml",
        "passwordPolicy: length(12)\nrequiredActions: [{alias: A, enabled: true}, {alias: B}]");
    write(
        "extensions/b.yaml",
        "passwordPolicy: leaked-password()\n"
            + "requiredActions: [{alias: A, priority: 5}, {alias: C}]");

    assertThat(Realm.render(folder, Map.of()).json().replaceAll("\\s", ""))
        .isEqualTo(
            "{\"passwordPolicy\":\"length(12)andleaked-password()\",\"requiredActions\":["
                + "{\"alias\":\"A\",\"enabled\":true,\"priority\":5},{\"alias\":\"B\"},{\"alias\":\"C\"}]}");
    assertThat(Realm.renderWithoutExtensions(folder, Map.of()).json())
        .contains("\"length(12)\"")
        .doesNotContain("leaked-password");
  }

  @Test
  void namedElement_valueSetInTwoFiles_isRefused() throws IOException {
    write("a.yaml", "requiredActions: [{alias: A, enabled: true}]");
    write("b.yaml", "requiredActions: [{alias: A, enabled: false}]");

    assertThatThrownBy(() -> Realm.render(folder, Map.of()))
        .hasMessage("b.yaml: requiredActions[A].enabled is set in a.yaml already");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
"""
a.yaml               | realm: x\\nacessTokenLifespan: 300          | a.yaml: acessTokenLifespan is not a property that Keycloak knows
a.yaml               | accessTokenLifespan: soon                  | a.yaml: accessTokenLifespan has a value that Keycloak cannot read
a.yaml               | realm: x\\nrealm: y                         | a.yaml: line 2: Duplicate field 'realm'
a.yaml               | just text                                  | a.yaml: is not an object
a.json               | {}                                         | a.json: only *.yaml is read, in this folder and in client-scopes/, clients/, extensions/, extensions/flows/, flows/, identity-providers/, required-actions/
users/a.yaml         | username: ann                              | users/a.yaml: only *.yaml is read, in this folder and in client-scopes/, clients/, extensions/, extensions/flows/, flows/, identity-providers/, required-actions/
clients/a.yaml       | clientId: a\\nredirectUri: [x]              | clients/a.yaml: redirectUri is not a property that Keycloak knows
clients/a.yaml       | clientId: b                                | clients/a.yaml: clientId must be "a", as the file is called
client-scopes/a.yaml | name: a\\nincludeInTokenScope: true         | client-scopes/a.yaml: includeInTokenScope is not a property that Keycloak knows
a.yaml               | displayName: ${rowlock                     | a.yaml: "${rowlock" is not a placeholder: write ${NAME} in capitals
a.yaml               | displayName: ${Rowlock_Name}               | a.yaml: "${Rowlock_Name}" is not a placeholder: write ${NAME} in capitals
""")
  void anUnsoundSourceIsRefusedInOneLine(String file, String content, String message)
      throws IOException {
    write(file, content.replace("\\n", "\n"));

    assertThatThrownBy(() -> Realm.render(folder, Map.of()))
        .isInstanceOf(RealmSourceException.class)
        .hasMessage(message);
  }

  @Test
  void userProfile_misspeltProperty_isRefused() throws IOException {
    write(
        "a.yaml",
        """
        components:
          org.keycloak.userprofile.UserProfileProvider:
            - providerId: declarative-user-profile
              config:
                kc.user.profile.config:
                  attributes: [{name: email, permission: {}}]
        """);

    assertThatThrownBy(() -> Realm.render(folder, Map.of()))
        .hasMessage("a.yaml: attributes[0].permission is not a property that Keycloak knows");
  }

  @Test
  void anEmptyOrMissingFolderIsRefused() {
    assertThatThrownBy(() -> Realm.render(folder, Map.of()))
        .hasMessageEndingWith("holds no realm source");
    assertThatThrownBy(() -> Realm.render(folder.resolve("nowhere"), Map.of()))
        .hasMessageEndingWith("is not a readable folder with realm source");
  }

  @Test
  void writeTo_missingFolder_createsItAndWritesAll() throws IOException {
    var realm = Realm.render(SOURCE, VALUES);
    var file = folder.resolve("import/rowlock-realm.json");

    realm.writeTo(file);
    realm.writeTo(file);

    assertThat(file).hasContent(realm.json());
    assertThat(file.getParent())
        .isDirectoryContaining(found -> found.equals(file))
        .isDirectoryNotContaining("glob:**.part");
  }

  private void write(String file, String content) throws IOException {
    var path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }
}
