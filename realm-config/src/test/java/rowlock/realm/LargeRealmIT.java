/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares a realm with 100 clients, 400 groups, 400 roles and 10 flows. */
@Tag("thorough")
class LargeRealmIT {
  private static final int CLIENTS = 100;
  private static final int GROUPS = 400;
  private static final int FLOWS = 10;

  @TempDir private static Path folder;

  @Test
  void largeRealm_appliedAndChanged_isComparedCompletely() {
    var realm =
        TestRealm.create("large-it", folder, Map.of("a.yaml", "realm: large-it\nenabled: true\n"));
    Map<String, String> files = new HashMap<>();
    files.put("roles.yaml", "roles:\n  realm:\n" + each(GROUPS, "    - {name: role-%1$d}\n"));
    files.put(
        "groups.yaml",
        "groups:\n"
            + each(
                GROUPS / 2,
                "  - {name: group-%1$d, realmRoles: [role-%1$d], subGroups: [{name: inner}]}\n"));
    for (var number = 0; number < CLIENTS; number++) {
      files.put("clients/client-" + number + ".yaml", client(number));
    }
    for (var number = 0; number < FLOWS; number++) {
      files.put("flows/flow-" + number + ".yaml", flow(number));
    }
    files.forEach(realm::write);
    var applied = realm.run("apply", "--yes");
    assertThat(applied.code()).as(applied.err()).isZero();

    assertThat(realm.run("plan").all()).isEqualTo("Realm large-it: no changes.\n");
    realm.merge("/clients/" + realm.clientId("client-99"), "{\"name\":\"Other\"}");
    assertThat(realm.run("plan").out()).contains("Realm large-it: 1 to change.");
    assertThat(realm.run("apply", "--yes").code()).isZero();
    assertThat(realm.run("plan").code()).isZero();
  }

  private static String each(int count, String line) {
    return IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining());
  }

  private static String client(int number) {
    return """
    clientId: client-%1$d
    name: Client %1$d
    redirectUris: ["https://%1$d.example/a", "https://%1$d.example/b"]
    webOrigins: ["https://%1$d.example"]
    publicClient: true
    attributes: {pkce.code.challenge.method: S256}
    protocolMappers:
      - name: audience
        protocol: openid-connect
        protocolMapper: oidc-audience-mapper
        config: {included.client.audience: account, access.token.claim: true}
    """
        .formatted(number);
  }

  private static String flow(int number) {
    return """
    alias: flow-%1$d
    providerId: basic-flow
    topLevel: true
    builtIn: false
    authenticationExecutions:
      - {authenticator: auth-cookie, requirement: ALTERNATIVE, priority: 10}
      - {authenticator: auth-username-password-form, requirement: ALTERNATIVE, priority: 20}
    """
        .formatted(number);
  }
}
