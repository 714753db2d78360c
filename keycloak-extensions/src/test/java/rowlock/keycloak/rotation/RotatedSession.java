/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.awaitility.Awaitility.await;
import static rowlock.keycloak.rotation.RotationRealm.JSON;
import static rowlock.keycloak.rotation.RotationRealm.claims;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.type.TypeReference;

/**
 * A session whose first refresh token has been used; sending it again is a reuse.
 *
 * @param id of the session
 */
record RotatedSession(String id, String first, String newest, String accessToken) {

  static RotatedSession prepared(RotationRealm realm, String client, String user) {
    var first = realm.login(client, user).refreshToken();
    var newest = realm.refresh(client, first);
    return new RotatedSession(
        claims(first).path("sid").asString(), first, newest.refreshToken(), newest.accessToken());
  }

  static String userId(RotationRealm realm, String user) {
    return realm.read("/users?exact=true&username=" + user).path(0).path("id").asString();
  }

  /** Waits for the line of the security log about a token family, and returns it. */
  static Map<String, Object> auditLine(RotationRealm realm, String family) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                logSince(realm, 0)
                    .lines()
                    .filter(line -> line.contains("\"refresh_token_family\":\"" + family))
                    .map(line -> line.substring(line.indexOf("{\"ts\"")))
                    .map(line -> JSON.readValue(line, new TypeReference<Map<String, Object>>() {}))
                    .findFirst()
                    .orElse(null),
            Objects::nonNull);
  }

  /** Returns the server's log from a character on. */
  static String logSince(RotationRealm realm, int start) {
    return realm.server().log().text().substring(start);
  }
}
