/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
  private static final String NULL_HEADER = "bnVsbA.bnVsbA.AA";
  private static final String SIGNED = "eyJhbGciOiJQUzI1NiJ9.e30.AA";

  @ParameterizedTest
  @CsvSource({
    "/realms/a%00b, ''",
    "/realms/%zz, ''",
    "/realms/r, client_id=a%00b",
    "/realms/r, kc_locale=a%0Ab",
    "/realms/r, a%00b=1",
    "/realms/r/broker/x/endpoint, state=a.b.c.d",
    "/realms/r, client_assertion=bnVsbA.bnVsbA.AA"
  })
  void check_malformedPathOrQuery_isRejected(String path, String query) {
    assertThat(head(path, query, Map.of()).check()).extracting(Rejection::status).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "application/",
        ";",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded; charset=utf-16"
      })
  void check_unsupportedContentType_isRejected(String type) {
    assertThat(head("/realms/r", "", Map.of("Content-Type", type)).check())
        .extracting(Rejection::status)
        .isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x | false",
        "text/html, x | false",
        "application/ | false",
        "text/html;q=1, */*;q=0.8 | true",
        "text/html, *; q=.2, */*; q=.2 | true",
        "application/json; profile=\"a,b;c\" | true",
        ", text/html, | true"
      })
  void check_accept_isReadByItsGrammar(String accept, boolean accepted) {
    assertThat(head("/realms/r", "", Map.of("Accept", accept)).check() == null).isEqualTo(accepted);
  }

  @Test
  void check_tokenWithoutHeaderObject_isUnauthorized() {
    assertThat(head("/realms/r", "", Map.of("Authorization", "Bearer " + NULL_HEADER)).check())
        .extracting(Rejection::status)
        .isEqualTo(401);
    assertThat(head("/realms/r", "", Map.of("Authorization", "Bearer " + SIGNED)).check()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "999", "a b", "ht tp"})
  void check_malformedForwardedProto_isRejected(String proto) {
    assertThat(head("/realms/r", "", Map.of("X-Forwarded-Proto", proto)).check()).isNotNull();
  }

  @Test
  void check_ordinaryRequest_isAccepted() {
    assertThat(
            head(
                    "/auth/realms/r%C3%BC/protocol/openid-connect/auth",
                    "scope=openid+email&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F&state=a.b.c",
                    Map.of(
                        "Content-Type", "application/x-www-form-urlencoded; charset=UTF-8",
                        "X-Forwarded-Proto", "https, http",
                        "X-Forwarded-Host", "login.example.org:8443",
                        "Authorization", "Basic YTpi"))
                .check())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/realms/r/device, true",
    "/realms/r/protocol/openid-connect/token, true",
    "/auth/realms/r/login-actions/authenticate, true",
    "/realms/r/clients-registrations/openid-connect, false",
    "/realms/r/account/credentials, false",
    "/realms/device, false"
  })
  void checkBodyType_json_isRejectedWhereOnlyFormsAreRead(String path, boolean rejected) {
    var head = head(path, "", Map.of("Content-Type", "application/json"));

    assertThat(head.checkBodyType() != null).isEqualTo(rejected);
  }

  @Test
  void isAdministration_onlyBelowAdmin_isTrue() {
    assertThat(head("/admin/realms/r/users", "", Map.of()).isAdministration()).isTrue();
    assertThat(head("/auth/admin/realms", "", Map.of()).isAdministration()).isTrue();
    assertThat(head("/realms/admin/account", "", Map.of()).isAdministration()).isFalse();
    assertThat(head("/realms/r/admin/x", "", Map.of()).isAdministration()).isFalse();
  }

  @Test
  void checkForm_tooManyParameters_isRejected() {
    assertThat(Parameters.checkForm("a=1&".repeat(Parameters.MAX_COUNT - 1) + "a=1")).isNull();
    assertThat(Parameters.checkForm("a=1&".repeat(Parameters.MAX_COUNT) + "a=1")).isNotNull();
  }

  @Test
  void checkForm_lineFeed_isAcceptedExceptInLocale() {
    assertThat(Parameters.checkForm("about=a%0D%0Ab")).isNull();
    assertThat(Parameters.checkForm("kc_locale=a%0Ab")).isNotNull();
    assertThat(Parameters.checkForm("username=a%00b")).isNotNull();
  }

  @Test
  void hasNul_escapedOrRaw_isFound() {
    assertThat(JsonText.hasNul("{\"a\":\"x\\u0000\"}")).isTrue();
    assertThat(JsonText.hasNul("{\"a\":\"x\\\\\\u0000\"}")).isTrue();
    assertThat(JsonText.hasNul("{\"a\":\"x\\\\u0000\"}")).isFalse();
    assertThat(JsonText.hasNul("\0")).isTrue();
  }

  private static RequestHead head(String path, String query, Map<String, String> headers) {
    return new RequestHead(
        path, query, name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of());
  }
}
