/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation.stock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.protocol.oidc.TokenManager;

/**
 * The methods of the server that {@link StockRefresh} leans on, by a hash of their instructions: an
 * upgrade of Keycloak that changes one of them fails here and not in production.
 */
class StockRefreshTest {
  private static final int SHOWN = 16;

  @ParameterizedTest(name = "{0}.{1}")
  @CsvSource(
      textBlock =
          """
          refresh/AbstractRefreshTokenProvider,           refreshAccessToken,                               f541b74e233038c4
          refresh/AbstractRefreshTokenProvider,           validateTokenReuseForRefresh,                     c6b06bf53d92029b
          refresh/AbstractRefreshTokenProvider,           createTemporaryExclusiveLockForTokenRefreshOperation, 553db13bb50e74b4
          refresh/DefaultRefreshTokenProvider,            generateRefreshToken,                             c7342b04c45490d5
          refresh/DefaultRefreshTokenProvider,            validateToken,                                    3ffc7266f24a8e12
          TokenManager,                                   validateTokenReuse,                               a8802153093e5fe8
          TokenManager,                                   getReuseIdKey,                                    4941ad6af69735f7
          TokenManager,                                   verifyRefreshToken,                               0d7a84e5305e24d3
          TokenManager$AccessTokenResponseBuilder,        generateRefreshToken,                             07066520253325fd
          grants/RefreshTokenGrantType,                   process,                                          7746b48140af7767
          grants/OAuth2GrantTypeBase,                     checkAndBindMtlsHoKToken,                         4dc73f2a17fd6b1d
          """)
  void theServersMethodIsTheOneThatRotationWasMadeFor(String type, String method, String expected) {
    assertThat(hash(type, method))
        .as(
            "Keycloak's %s.%s has changed. Read its new source and StockRefresh beside it, run RefreshRotationIT, TheftIT and"
                + " RotationClusterIT, and when rotation still holds, put the new hash into this table.",
            type, method)
        .isEqualTo(expected);
  }

  /** Of all methods with that name, in the order of the class file. */
  private static String hash(String type, String name) {
    var text = new StringBuilder();
    for (var method : read(type).methods()) {
      if (method.methodName().equalsString(name)) {
        text.append(method.methodType().stringValue()).append('\n');
        method
            .code()
            .ifPresent(
                code -> {
                  for (CodeElement element : code) {
                    // not line numbers, which change with every comment
                    if (element instanceof Instruction instruction) {
                      text.append(instruction).append('\n');
                    }
                  }
                });
      }
    }
    assertThat(text).as("Keycloak has no %s.%s any more", type, name).isNotEmpty();
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, SHOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static ClassModel read(String type) {
    var file = "/org/keycloak/protocol/oidc/" + type + ".class";
    try (var in = TokenManager.class.getResourceAsStream(file)) {
      assertThat(in).as("Keycloak has no " + file + " any more").isNotNull();
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
