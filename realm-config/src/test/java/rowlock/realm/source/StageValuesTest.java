/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageValuesTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("password"), "from a file\n");
    file =
        Files.writeString(
            folder.resolve("values.yaml"),
            """
            all: {FROM: a@example.org, PORT: 587}
            test: {WEB: https://test.example}
            production:
              WEB: https://example.org
              PORT: 465
              ONE: {env: SECRET_ONE}
              TWO: {file: password}
              THREE: {vault: three}
            broken: {WEB: [1, 2]}
            unknown: {WEB: {secret: x}}
            """);
  }

  @Test
  void stage_addsToCommonValuesAndEnvironment() {
    assertThat(
            StageValues.read(file, "test", Map.of("WEB", "other", "API", "https://a.example"))
                .values())
        .containsEntry("WEB", "https://test.example")
        .containsEntry("API", "https://a.example")
        .containsEntry("PORT", "587");
  }

  @Test
  void references_areResolved() {
    assertThat(
            StageValues.read(file, "production", Map.of("SECRET_ONE", "from a variable")).values())
        .containsEntry("PORT", "465")
        .containsEntry("ONE", "from a variable")
        .containsEntry("TWO", "from a file")
        .containsEntry("THREE", "${vault.three}");
  }

  @Test
  void referencedValue_isSecretWhateverItsName() throws IOException {
    var source = Files.createDirectory(folder.resolve("source"));
    Files.writeString(source.resolve("a.yaml"), "realm: a\ndisplayName: of ${ONE}, ${PORT}\n");
    var stage = StageValues.read(file, "production", Map.of("SECRET_ONE", "a referenced value"));

    var secrets = RealmSource.read(source, stage, true).secrets();

    assertThat(secrets.contains("of a referenced value, 465")).isTrue();
    assertThat(secrets.hideIn("refused: a referenced value, 465"))
        .isEqualTo("refused: (secret), 465");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          staging    | has no stage staging, only broken, production, test, unknown
          all        | has no stage all, only broken, production, test, unknown
          production | ONE names the variable SECRET_ONE, which is not set
          broken     | WEB must be a single value, {env: NAME}, {file: PATH} or {vault: KEY}
          unknown    | WEB must be a single value, {env: NAME}, {file: PATH} or {vault: KEY}
          """)
  void invalidStage_isRefusedInOneLine(String stage, String message) {
    assertThatThrownBy(() -> StageValues.read(file, stage, Map.of()))
        .isInstanceOf(RealmSourceException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void vaultReference_isKeptByPlaceholders() throws IOException {
    var source = Files.createDirectory(folder.resolve("source"));
    Files.writeString(
        source.resolve("a.yaml"), "realm: a\nsmtpServer: {password: \"${PASSWORD}\"}\n");

    var realm = RealmSource.read(source, Map.of("PASSWORD", "${vault.smtp}"), true);

    assertThat(realm.content().at("/smtpServer/password").asText()).isEqualTo("${vault.smtp}");
    assertThatThrownBy(() -> RealmSource.read(source, Map.of("PASSWORD", "${HOME}"), true))
        .hasMessageContaining("PASSWORD");
  }
}
