/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.representations.RefreshToken;
import org.keycloak.util.JsonSerialization;
import rowlock.keycloak.rotation.TokenFamily.Newest;

class TokenFamilyNotesTest {
  private final Map<String, String> kept = new HashMap<>();
  private final AuthenticatedClientSessionModel clientSession = clientSessionWith(kept);
  private final TokenFamilyNotes notes = new TokenFamilyNotes(clientSession);

  @Test
  void read_afterWrite_returnsTheFamily() {
    write("x", "a", "b", 100, 1);

    assertThat(notes.read("x").newest().tokenId()).isEqualTo("b");
    assertThat(notes.read("y")).isNull();
  }

  @Test
  void read_afterRotationOfTheServer_isNull() {
    write("x", "a", "b", 100, 1);
    clientSession.setRefreshToken("x", "b");

    assertThat(notes.read("x")).isNull();
  }

  @Test
  void newest_afterWrite_hasTheWrittenClaims() {
    write("x", "a", "b", 100, 1);
    var family = notes.read("x");

    assertThat(notes.newest("x", family))
        .isNotNull()
        .satisfies(
            token -> {
              assertThat(token.getId()).isEqualTo("b");
              assertThat(token.getScope()).isEqualTo("openid email");
              assertThat(token.getConfirmation().getKeyThumbprint()).isEqualTo("key");
            });
    assertThat(notes.newest("y", family)).isNull();
  }

  @Test
  void newest_ofAnotherToken_isNull() {
    write("x", "a", "b", 100, 1);
    var family =
        TokenFamily.afterRotation(null, new Newest("b", 1, 0), new Newest("c", 1, 0), "request", 1);

    assertThat(notes.newest("x", family)).isNull();
  }

  @Test
  void write_removesExpiredFamiliesWithAllNotes() {
    write("dead", "a", "b", 100, 1);
    write("alive", "c", "d", 300, 1);
    write("endless", "e", "f", 0, 1);

    write("new", "g", "h", 400, 200);

    assertThat(kept.keySet())
        .noneMatch(name -> name.endsWith("dead"))
        .contains("refreshTokenPrefixalive", "refreshTokenPrefixendless", "refreshTokenPrefixnew");
    for (var family : List.of("alive", "endless", "new")) {
      assertThat(notes.read(family)).isNotNull();
    }
  }

  private static RefreshToken token(String id) {
    try {
      return JsonSerialization.readValue(
          "{\"jti\":\"%s\",\"scope\":\"openid email\",\"cnf\":{\"jkt\":\"key\"}}".formatted(id),
          RefreshToken.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a rotation as the server and the provider do. */
  private void write(String familyId, String used, String newest, long expires, long now) {
    clientSession.setRefreshToken(familyId, used);
    clientSession.setRefreshTokenUseCount(familyId, 1);
    clientSession.setRefreshTokenLastRefresh(familyId, (int) now);
    var family =
        TokenFamily.afterRotation(
            null,
            new Newest(used, 1, expires),
            new Newest(newest, 1, expires),
            "request",
            now * 1000);
    notes.write(familyId, family, token(newest), now);
  }

  /** Returns a client session with notes only; the server's own requires a database. */
  private static AuthenticatedClientSessionModel clientSessionWith(Map<String, String> notes) {
    InvocationHandler handler =
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getNote" -> notes.get((String) arguments[0]);
              case "setNote" -> notes.put((String) arguments[0], (String) arguments[1]);
              case "removeNote" -> notes.remove((String) arguments[0]);
              case "getNotes" -> notes;
              default -> InvocationHandler.invokeDefault(self, method, arguments);
            };
    return (AuthenticatedClientSessionModel)
        Proxy.newProxyInstance(
            TokenFamilyNotesTest.class.getClassLoader(),
            new Class<?>[] {AuthenticatedClientSessionModel.class},
            (self, method, arguments) -> {
              var answer = handler.invoke(self, method, arguments);
              return method.getReturnType() == void.class ? null : answer;
            });
  }
}
