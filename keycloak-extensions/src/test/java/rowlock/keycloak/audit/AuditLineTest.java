/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.AuthDetails;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;

class AuditLineTest {
  private static final String USER = "746e13cf-be16-4ca0-8e90-890f4231d56f";
  private static final String POISON = "poison";

  @Test
  void login_hasStableKeysInStableOrder() {
    var event = event(EventType.LOGIN);
    event.setDetails(Map.of(Details.USERNAME, "ann@example.org", Details.REMEMBER_ME, "true"));

    assertThat(AuditLine.of(event).json())
        .isEqualTo(
            """
            {"ts":"2026-01-02T03:04:05.678Z","kind":"identity","event":"LOGIN","outcome":"success",\
            "realm":"rowlock","client_id":"task-cli","user_id":"746e13cf-be16-4ca0-8e90-890f4231d56f",\
            "session_id":"_sssoJ8L6rNywaG1HRM9EDC0","ip":"192.0.2.7","remember_me":"true"}""");
  }

  @Test
  void refusal_hasEventWithoutSuffixAndErrorCodeAsReason() {
    var event = event(EventType.REFRESH_TOKEN_ERROR);
    event.setError("invalid_token");
    event.setDetails(Map.of(Details.REASON, "Stale token"));

    var line = AuditLine.of(event);

    assertThat(line.refused()).isTrue();
    assertThat(parse(line))
        .containsEntry("event", "REFRESH_TOKEN")
        .containsEntry("outcome", "failure")
        .containsEntry("reason", "invalid_token")
        .containsEntry("cause", "Stale token");
  }

  @Test
  void refreshTokenReuse_hasFamilyAndEndedSessions() {
    var event = event(EventType.REFRESH_TOKEN_ERROR);
    event.setDetails(
        Map.of(
            Details.REASON,
            "Refresh token reuse detected",
            "refresh_token_family",
            USER,
            "sessions_ended",
            "user-session"));

    assertThat(parse(AuditLine.of(event)))
        .containsEntry("cause", "Refresh token reuse detected")
        .containsEntry("refresh_token_family", USER)
        .containsEntry("sessions_ended", "user-session");
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void details_areLoggedOnlyAsKnownWordsOrIds(EventType type) {
    var event = event(type);
    var details = new HashMap<String, String>();
    everyDetailOfTheServer()
        .forEach(name -> details.put(name, POISON + "-" + name + "@example.org"));
    Arrays.stream(AuditDetail.values()).forEach(detail -> details.put(detail.key(), POISON));
    details.put("a_detail_of_a_later_version", POISON);
    event.setDetails(details);

    assertThat(AuditLine.of(event).json())
        .doesNotContainIgnoringCase(POISON)
        .doesNotContain("example.org");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n{\"event\":\"LOGIN\",\"outcome\":\"success\"}",
        "a\r\nb",
        "a\u0000b",
        "a\u001b[2Jb",
        "a\u007fb",
        "a\u0085b",
        "a\u2028b",
        "a\u202eb",
        "\ud800"
      })
  void whatAnAttackerSendsStaysInsideItsOwnMember(String attack) {
    var event = event(EventType.LOGIN_ERROR);
    event.setClientId(attack);
    event.setError(attack);
    event.setIpAddress(attack);
    event.setUserId(attack);
    event.setSessionId(attack);
    event.setRealmName(attack);

    var line = AuditLine.of(event);

    assertThat(line.json()).matches("[ -~]+");
    assertThat(parse(line)).containsEntry("outcome", "failure").containsEntry("event", "LOGIN");
  }

  @Test
  void untrustedValues_areTruncated() {
    var event = event(EventType.LOGIN_ERROR);
    var endless = "x".repeat(100_000);
    event.setError(endless);
    event.setIpAddress(endless);
    event.setRealmName(endless);
    event.setClientId(endless);

    assertThat(AuditLine.of(event).json()).hasSizeLessThan(600);
  }

  @Test
  void externalUserId_isLoggedWithoutName() {
    var event = event(EventType.LOGIN);
    event.setUserId("f:" + USER + ":ann@example.org");

    assertThat(parse(AuditLine.of(event)).get("user_id")).matches("sha256:[0-9a-f]{32}");
  }

  @Test
  void adminChange_hasIdsOnly() {
    var event = adminEvent("users/" + USER + "/role-mappings/realm");
    event.setRepresentation("{\"email\":\"" + POISON + "\"}");
    event.setDetails(Map.of("x", POISON));

    assertThat(AuditLine.of(event).json())
        .isEqualTo(
            """
            {"ts":"2026-01-02T03:04:05.678Z","kind":"admin","event":"CREATE","outcome":"success","realm":"rowlock",\
            "resource_type":"REALM_ROLE_MAPPING",\
            "resource":"users/746e13cf-be16-4ca0-8e90-890f4231d56f/role-mappings/realm",\
            "by_realm":"master","by_client":"5ce5cd1e-9bb5-4d55-9d0c-0e0a8f0b0d5e",\
            "by_user":"746e13cf-be16-4ca0-8e90-890f4231d56f","ip":"192.0.2.7"}""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "roles/poison",
        "clients/" + USER + "/roles/poison",
        "authentication/flows/poison/executions",
        "localization/de/poison"
      })
  void noNameInAPathComesOut(String path) {
    assertThat(AuditLine.of(adminEvent(path)).json()).doesNotContain(POISON).contains("/*");
  }

  @Test
  void sessionEndedByAdmin_hasSessionId() {
    assertThat(parse(AuditLine.of(adminEvent("sessions/_sssoJ8L6rNywaG1HRM9EDC0"))))
        .containsEntry("resource", "sessions/_sssoJ8L6rNywaG1HRM9EDC0");
  }

  private static Event event(EventType type) {
    var event = new Event();
    event.setType(type);
    event.setTime(1767323045678L);
    event.setRealmName("rowlock");
    event.setClientId("task-cli");
    event.setUserId(USER);
    event.setSessionId("_sssoJ8L6rNywaG1HRM9EDC0");
    event.setIpAddress("192.0.2.7");
    return event;
  }

  private static AdminEvent adminEvent(String path) {
    var by = new AuthDetails();
    by.setRealmName("master");
    by.setClientId("5ce5cd1e-9bb5-4d55-9d0c-0e0a8f0b0d5e");
    by.setUserId(USER);
    by.setIpAddress("192.0.2.7");
    var event = new AdminEvent();
    event.setTime(1767323045678L);
    event.setRealmName("rowlock");
    event.setOperationType(OperationType.CREATE);
    event.setResourceType(ResourceType.REALM_ROLE_MAPPING);
    event.setResourcePath(path);
    event.setAuthDetails(by);
    return event;
  }

  private static Stream<String> everyDetailOfTheServer() {
    return Arrays.stream(Details.class.getFields())
        .filter(field -> field.getType() == String.class)
        .map(AuditLineTest::valueOf);
  }

  private static String valueOf(Field constant) {
    try {
      return (String) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> parse(AuditLine line) {
    try {
      return new ObjectMapper()
          .readValue(line.json(), new TypeReference<LinkedHashMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new AssertionError("not one JSON object: " + line.json(), e);
    }
  }
}
