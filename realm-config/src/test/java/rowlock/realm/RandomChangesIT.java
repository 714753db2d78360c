/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes the server in random ways, and checks that a plan reports each change and an apply
 * reverts it. Another seed: {@code -Drowlock.fuzz.seed=7}; ten times as many: {@code -Pthorough}.
 */
class RandomChangesIT {
  private static final int ROUNDS = 4;

  @TempDir private static Path folder;
  private static TestRealm realm;

  /** A change of the server. It returns the object that the plan must name. */
  private interface Mutation extends BiFunction<TestRealm, Random, String> {}

  /** Of each group at most one, because a removed object cannot be changed too. */
  private static final List<List<Mutation>> MUTATIONS =
      List.of(
          List.of(
              RandomChangesIT::realmNumber,
              RandomChangesIT::realmSwitch,
              RandomChangesIT::realmAttribute,
              RandomChangesIT::realmList,
              RandomChangesIT::header,
              RandomChangesIT::bindingChanged,
              RandomChangesIT::defaultScopeRemoved),
          List.of(
              RandomChangesIT::clientSwitch,
              RandomChangesIT::clientAttribute,
              RandomChangesIT::clientUris,
              RandomChangesIT::clientRemoved,
              RandomChangesIT::clientMapperRemoved,
              RandomChangesIT::scopeOfClientRemoved),
          List.of(
              RandomChangesIT::scopeAttribute,
              RandomChangesIT::scopeMapperChanged,
              RandomChangesIT::scopeMapperAdded),
          List.of(
              RandomChangesIT::roleRemoved,
              RandomChangesIT::compositeAdded,
              RandomChangesIT::roleScopeAdded),
          List.of(
              RandomChangesIT::stepChanged,
              RandomChangesIT::stepRemoved,
              RandomChangesIT::stepAdded,
              RandomChangesIT::stepSettings),
          List.of(RandomChangesIT::actionChanged, RandomChangesIT::actionRemoved),
          List.of(RandomChangesIT::providerChanged, RandomChangesIT::providerRemoved),
          List.of(RandomChangesIT::profileChanged),
          List.of(RandomChangesIT::policyChanged, RandomChangesIT::clientProfileRemoved),
          List.of(RandomChangesIT::componentChanged, RandomChangesIT::componentRemoved));

  static LongStream seeds() {
    var seed = Long.getLong("rowlock.fuzz.seed", 1);
    var factor = Integer.getInteger("rowlock.fuzz.factor", 1);
    return LongStream.range(seed, seed + (long) ROUNDS * factor);
  }

  @BeforeAll
  static void create() {
    realm = TestRealm.create("random-it", folder);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomChanges_planReportsAndApplyReverts(long seed) {
    var random = new Random(seed);
    var changed = new ArrayList<String>();
    for (var group : MUTATIONS) {
      if (random.nextBoolean() || changed.isEmpty()) {
        changed.add(any(random, group).apply(realm, random));
      }
    }

    var plan = realm.run("plan");
    assertThat(plan.code()).as(changed + "\n" + plan.all()).isEqualTo(2);
    assertThat(plan.out()).contains(changed);
    var applied = realm.run("apply", "--yes");
    assertThat(applied.code()).as(changed + "\n" + applied.all()).isZero();
    assertThat(realm.run("plan").all())
        .as(changed.toString())
        .isEqualTo("Realm random-it: no changes.\n");
  }

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static String client(Random random) {
    return any(random, List.of("task-web", "task-cli", "task-api", "account-console"));
  }

  private static ObjectNode named(JsonNode list, String member, String value) {
    return list.valueStream()
        .filter(element -> element.path(member).asString("").equals(value))
        .map(ObjectNode.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static String realmNumber(TestRealm realm, Random random) {
    var name =
        any(
            random,
            List.of(
                "accessTokenLifespan",
                "ssoSessionIdleTimeout",
                "failureFactor",
                "otpPolicyPeriod"));
    realm.merge("", "{\"%s\":%d}".formatted(name, 1000 + random.nextInt(1000)));
    return name + ": ";
  }

  private static String realmSwitch(TestRealm realm, Random random) {
    var name =
        any(random, List.of("registrationAllowed", "rememberMe", "eventsEnabled", "verifyEmail"));
    realm.merge("", "{\"" + name + "\":false}");
    return name + ": false -> true";
  }

  private static String realmAttribute(TestRealm realm, Random random) {
    var name = any(random, List.of("adminEventsExpiration", "parRequestUriLifespan"));
    realm.merge("", "{\"attributes\":{\"%s\":\"%d\"}}".formatted(name, random.nextInt(50)));
    return "attributes." + name + ": ";
  }

  private static String realmList(TestRealm realm, Random random) {
    var name = any(random, List.of("supportedLocales", "enabledEventTypes"));
    realm.merge(
        "", "{\"%s\":[\"%s\"]}".formatted(name, name.equals("supportedLocales") ? "fr" : "LOGIN"));
    return name + ": ";
  }

  private static String header(TestRealm realm, Random random) {
    realm.merge("", "{\"browserSecurityHeaders\":{\"referrerPolicy\":\"origin\"}}");
    return "browserSecurityHeaders.referrerPolicy: origin -> no-referrer";
  }

  private static String clientSwitch(TestRealm realm, Random random) {
    var client = client(random);
    realm.merge("/clients/" + realm.clientId(client), "{\"directAccessGrantsEnabled\":true}");
    return "~ client " + client;
  }

  private static String clientAttribute(TestRealm realm, Random random) {
    var client = client(random);
    realm.merge(
        "/clients/" + realm.clientId(client),
        "{\"attributes\":{\"oidc.ciba.grant.enabled\":\"true\"}}");
    return "~ client " + client;
  }

  private static String clientUris(TestRealm realm, Random random) {
    realm.merge(
        "/clients/" + realm.clientId("task-web"),
        "{\"redirectUris\":[\"https://%d.example/\"]}".formatted(random.nextInt(99)));
    return "~ client task-web";
  }

  private static String clientRemoved(TestRealm realm, Random random) {
    realm.delete("/clients/" + realm.clientId("task-cli"));
    return "+ client task-cli";
  }

  private static String clientMapperRemoved(TestRealm realm, Random random) {
    var path = "/clients/" + realm.clientId("task-web") + "/protocol-mappers/models";
    realm.delete(path + "/" + realm.id(path, "name", "client_id"));
    return "protocolMappers[client_id]: added";
  }

  private static String scopeOfClientRemoved(TestRealm realm, Random random) {
    realm.delete(
        "/clients/"
            + realm.clientId("task-web")
            + "/default-client-scopes/"
            + realm.id("/client-scopes", "name", "task-api"));
    return "~ client task-web";
  }

  private static String scope(TestRealm realm, String name) {
    return "/client-scopes/" + realm.id("/client-scopes", "name", name);
  }

  private static String scopeAttribute(TestRealm realm, Random random) {
    realm.merge(scope(realm, "email"), "{\"attributes\":{\"include.in.token.scope\":\"false\"}}");
    return "~ client scope email";
  }

  private static String scopeMapperChanged(TestRealm realm, Random random) {
    var path = scope(realm, "task-api") + "/protocol-mappers/models";
    realm.merge(
        path + "/" + realm.id(path, "name", "audience"),
        "{\"config\":{\"included.client.audience\":\"task-web\"}}");
    return "protocolMappers[audience].config.included.client.audience: task-web -> task-api";
  }

  private static String scopeMapperAdded(TestRealm realm, Random random) {
    realm.post(
        scope(realm, "basic") + "/protocol-mappers/models",
        """
        {"name":"more %d","protocol":"openid-connect","protocolMapper":"oidc-full-name-mapper"}\
        """
            .formatted(random.nextInt()));
    return "~ client scope basic";
  }

  private static String roleRemoved(TestRealm realm, Random random) {
    var account = realm.clientId("account");
    realm.delete("/clients/" + account + "/roles/view-groups");
    return "+ client role account/view-groups";
  }

  private static String compositeAdded(TestRealm realm, Random random) {
    realm.post(
        "/roles/default-roles-random-it/composites",
        "[" + realm.get("/roles/uma_authorization") + "]");
    return "composites.realm: not declared, is removed";
  }

  private static String roleScopeAdded(TestRealm realm, Random random) {
    var account = realm.clientId("account");
    realm.post(
        "/clients/" + realm.clientId("account-console") + "/scope-mappings/clients/" + account,
        "[" + realm.get("/clients/" + account + "/roles/view-consent") + "]");
    return "~ role scope account/client account-console";
  }

  private static ObjectNode step(TestRealm realm, String flow, Random random) {
    var steps = realm.get("/authentication/flows/" + flow + "/executions");
    return (ObjectNode) any(random, steps.valueStream().toList());
  }

  private static String stepChanged(TestRealm realm, Random random) {
    var step = step(realm, "rowlock-browser", random);
    realm.put(
        "/authentication/flows/rowlock-browser/executions",
        step.put("requirement", "DISABLED").toString());
    return "~ flow rowlock-browser";
  }

  private static String stepRemoved(TestRealm realm, Random random) {
    var step = step(realm, "rowlock-reset", random);
    realm.delete("/authentication/executions/" + step.path("id").asString());
    return "~ flow rowlock-reset";
  }

  private static String stepAdded(TestRealm realm, Random random) {
    realm.post(
        "/authentication/flows/rowlock-provider-login/executions/execution",
        "{\"provider\":\"allow-access-authenticator\"}");
    return "~ flow rowlock-provider-login";
  }

  private static String stepSettings(TestRealm realm, Random random) {
    var config =
        realm
            .get("/authentication/flows/rowlock-registration/executions")
            .valueStream()
            .filter(step -> step.path("alias").asString("").equals("rowlock-registration-guard"))
            .map(step -> "/authentication/config/" + step.path("authenticationConfig").asString())
            .findFirst()
            .orElseThrow();
    realm.merge(
        config, "{\"config\":{\"tries-per-address\":\"%d\"}}".formatted(100 + random.nextInt(100)));
    return "~ flow rowlock-registration";
  }

  private static String bindingChanged(TestRealm realm, Random random) {
    realm.merge("", "{\"browserFlow\":\"browser\"}");
    return "browserFlow: browser -> rowlock-browser";
  }

  private static String actionChanged(TestRealm realm, Random random) {
    realm.merge("/authentication/required-actions/CONFIGURE_TOTP", "{\"defaultAction\":true}");
    return "~ required action CONFIGURE_TOTP";
  }

  private static String actionRemoved(TestRealm realm, Random random) {
    realm.delete("/authentication/required-actions/delete_account");
    return "+ required action delete_account";
  }

  private static String providerChanged(TestRealm realm, Random random) {
    realm.merge("/identity-provider/instances/google", "{\"trustEmail\":true}");
    return "identity provider google";
  }

  private static String providerRemoved(TestRealm realm, Random random) {
    realm.delete("/identity-provider/instances/google");
    return "+ identity provider google";
  }

  private static String profileChanged(TestRealm realm, Random random) {
    var profile = (ObjectNode) realm.get("/users/profile");
    named(profile.path("attributes"), "name", "lastName")
        .putObject("permissions")
        .putArray("view")
        .add("admin");
    realm.put("/users/profile", profile.toString());
    return "~ user profile attributes";
  }

  private static String policyChanged(TestRealm realm, Random random) {
    var policies = (ObjectNode) realm.get("/client-policies/policies");
    named(policies.path("policies"), "name", "refresh-rotation").put("enabled", false);
    realm.put("/client-policies/policies", policies.toString());
    return "~ client policy refresh-rotation";
  }

  private static String clientProfileRemoved(TestRealm realm, Random random) {
    var policies = (ObjectNode) realm.get("/client-policies/policies");
    policies.putArray("policies");
    realm.put("/client-policies/policies", policies.toString());
    var profiles = (ObjectNode) realm.get("/client-policies/profiles");
    ((ArrayNode) profiles.path("profiles")).remove(0);
    realm.put("/client-policies/profiles", profiles.toString());
    return "+ client profile ";
  }

  private static String component(TestRealm realm, String name) {
    return "/components/" + realm.id("/components", "name", name);
  }

  private static String componentChanged(TestRealm realm, Random random) {
    realm.merge(
        component(realm, "anonymous number of clients"), "{\"config\":{\"max-clients\":[\"9\"]}}");
    return "config.max-clients: ";
  }

  private static String componentRemoved(TestRealm realm, Random random) {
    realm.delete(component(realm, "administrators' web origins"));
    return "+ component ";
  }

  private static String defaultScopeRemoved(TestRealm realm, Random random) {
    realm.delete("/default-optional-client-scopes/" + realm.id("/client-scopes", "name", "email"));
    return "defaultOptionalClientScopes: ";
  }
}
