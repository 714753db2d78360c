/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.JSON;
import static rowlock.realm.RealmServer.realm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.field.FieldReport;
import tools.jackson.databind.JsonNode;

/** Checks that the table in the README, the source and a running server have the same values. */
class SettingsIT {
  /**
   * Settings without a value for security: names, texts, languages, and lists that the table would
   * only repeat.
   */
  private static final Set<String> NOT_IN_THE_TABLE =
      Set.of(
          "realm",
          "enabled",
          "displayName",
          "name",
          "description",
          "protocol",
          "clientId",
          "baseUrl",
          "internationalizationEnabled",
          "supportedLocales",
          "defaultLocale",
          "components",
          "clients",
          "clientScopes",
          "protocolMappers",
          // their settings have rows of their own
          "authenticationFlows",
          "authenticatorConfig",
          "requiredActions",
          "identityProviders",
          "roles/realm",
          "defaultRole/name",
          "smtpServer/fromDisplayName",
          "webAuthnPolicyRpEntityName",
          "webAuthnPolicyPasswordlessRpEntityName",
          "alias",
          "providerId",
          "defaultAction",
          // the server never returns these values
          "config/clientSecret",
          "clientScopeMappings/account",
          "clientProfiles",
          "clientPolicies",
          "enabledEventTypes",
          // CompletenessIT compares these
          "roles/client",
          "scopeMappings",
          "defaultDefaultClientScopes",
          "defaultOptionalClientScopes",
          "defaultGroups",
          "rootUrl",
          "attributes/consent.screen.text");

  /** Responses of the server, each fetched once; no test changes them meanwhile. */
  private static final Map<String, JsonNode> ON_SERVER = new ConcurrentHashMap<>();

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{(ROWLOCK_[\\w,]+)(?::([^}]*))?}");

  record Row(String where, String setting, String value) {}

  static List<Row> rows() throws IOException {
    return Files.readAllLines(Path.of("README.md")).stream()
        .map(line -> line.split("\\|"))
        .filter(
            cells ->
                cells.length >= 5
                    && cells[1]
                        .strip()
                        .matches(
                            "realm|(key|scope|client|profile|policy|action|provider|authenticator) [\\w.-]+"))
        .map(
            cells ->
                new Row(
                    cells[1].strip(), cells[2].strip(), cells[3].strip().replaceAll("^`|`$", "")))
        .toList();
  }

  @FieldReport("https://github.com/keycloak/keycloak/issues/20073")
  @ParameterizedTest
  @MethodSource("rows")
  void server_equalsTheTable(Row row) {
    var expected =
        PLACEHOLDER
            .matcher(row.value())
            .replaceAll(
                name ->
                    Matcher.quoteReplacement(
                        Stream.of(name.group(1).split(","))
                            .filter(RealmServer.VALUES::containsKey)
                            .map(RealmServer.VALUES::get)
                            .findFirst()
                            .orElse(name.group(2))));
    var found =
        ON_SERVER.computeIfAbsent(row.where(), SettingsIT::onServer).at("/" + row.setting());

    if (expected.startsWith("[") && found.isArray()) {
      assertThat(elements(found)).isEqualTo(elements(JSON.readTree(expected)));
    } else {
      assertThat(found.isArray() ? found.path(0).asString() : found.asString()).isEqualTo(expected);
    }
  }

  @Test
  void everyValueInTheSourceHasARowWithItsReason() throws IOException {
    var rendered = JSON.readTree(Realm.render(RealmServer.VALUES).json());
    var settings = new TreeSet<String>();
    collect(settings, "realm", "", rendered);
    rendered
        .path("clients")
        .forEach(
            client ->
                collect(settings, "client " + client.path("clientId").asString(), "", client));
    rendered
        .path("clientScopes")
        .forEach(scope -> collect(settings, "scope " + scope.path("name").asString(), "", scope));
    rendered
        .path("components")
        .path("org.keycloak.keys.KeyProvider")
        .forEach(
            key -> collect(settings, "key " + key.path("name").asString(), "", key.path("config")));

    rendered
        .path("requiredActions")
        .forEach(
            action -> {
              var where = "action " + action.path("alias").asString();
              settings.add(where + " enabled");
              collect(settings, where, "config/", action.path("config"));
            });
    rendered
        .path("identityProviders")
        .forEach(
            provider -> {
              var where = "provider " + provider.path("alias").asString();
              settings.add(where + " enabled");
              collect(settings, where, "", provider);
            });

    rendered
        .at("/clientProfiles/profiles")
        .forEach(
            profile ->
                collect(
                    settings,
                    "profile " + profile.path("name").asString(),
                    "",
                    profile.at("/executors/0/configuration")));
    rendered
        .at("/clientPolicies/policies")
        .forEach(
            policy ->
                collect(
                    settings,
                    "policy " + policy.path("name").asString(),
                    "",
                    policy.at("/conditions/0/configuration")));

    rendered
        .path("authenticatorConfig")
        .valueStream()
        .filter(config -> config.path("alias").asString().startsWith("rowlock-registration"))
        .forEach(
            config ->
                collect(
                    settings,
                    "authenticator " + config.path("alias").asString(),
                    "",
                    config.path("config")));

    var inTheTable = new TreeSet<String>();
    rows().forEach(row -> inTheTable.add(row.where() + " " + row.setting()));

    assertThat(inTheTable).isEqualTo(settings);
  }

  private static void collect(Set<String> settings, String where, String path, JsonNode node) {
    node.properties()
        .forEach(
            member -> {
              var name = path + member.getKey();
              if (NOT_IN_THE_TABLE.contains(name)) {
                return;
              }
              if (member.getValue().isObject()) {
                collect(settings, where, name + "/", member.getValue());
              } else {
                settings.add(where + " " + name);
              }
            });
  }

  private static JsonNode onServer(String where) {
    var name = where.substring(where.indexOf(' ') + 1);
    return switch (where.substring(0, where.length() - name.length()).strip()) {
      case "client" -> realm("/clients?clientId=" + name).path(0);
      case "scope" -> named(realm("/client-scopes"), name);
      case "action" -> having("alias", realm("/authentication/required-actions"), name);
      case "provider" -> realm("/identity-provider/instances/" + name);
      case "key" ->
          named(realm("/components?type=org.keycloak.keys.KeyProvider"), name).path("config");
      case "profile" ->
          named(realm("/client-policies/profiles").path("profiles"), name)
              .at("/executors/0/configuration");
      case "policy" ->
          named(realm("/client-policies/policies").path("policies"), name)
              .at("/conditions/0/configuration");
      case "authenticator" -> authenticatorConfig(name);
      default -> realm("");
    };
  }

  private static JsonNode authenticatorConfig(String alias) {
    var executions = "/authentication/flows/rowlock-registration-form/executions";
    var id = having("alias", realm(executions), alias).path("authenticationConfig").asString();
    return realm("/authentication/config/" + id).path("config");
  }

  private static JsonNode named(JsonNode list, String name) {
    return having("name", list, name);
  }

  private static JsonNode having(String property, JsonNode list, String value) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(one -> one.path(property).asString("").equals(value))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> elements(JsonNode array) {
    var elements = new HashSet<String>();
    array.forEach(element -> elements.add(element.asString()));
    return elements;
  }
}
