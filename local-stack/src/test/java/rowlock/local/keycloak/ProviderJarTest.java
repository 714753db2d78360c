/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.local.system.StackFailure;

class ProviderJarTest {
  private static final String ENTITIES =
      "META-INF/services/org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory";

  @TempDir Path directory;

  private Path classes;

  @BeforeEach
  void compile() throws IOException {
    classes = directory.resolve("hedge/target/classes");
    write("hedge/Body.class", "body 1");
    write("hedge/Factory.class", "factory 1");
    write(ENTITIES, "hedge.Factory # the first\n");
    write("theme/messages.properties", "a=b");
  }

  @Test
  void theJarIsNamedAfterItsModule() {
    assertThat(ProviderJar.read(classes).name()).isEqualTo("hedge.jar");
  }

  @Test
  void digests_methodBodyChanged_contentDiffersOnly() throws Exception {
    var before = structure();
    var contentBefore = content();

    write("hedge/Body.class", "body 2");

    assertThat(structure()).isEqualTo(before);
    assertThat(content()).isNotEqualTo(contentBefore);
  }

  @Test
  void content_bytesMovedBetweenEntries_changes() throws Exception {
    write("hedge/Body.class", "ab");
    write("hedge/Factory.class", "c");
    var before = content();

    write("hedge/Body.class", "a");
    write("hedge/Factory.class", "bc");

    assertThat(content()).isNotEqualTo(before);
  }

  @Test
  void whenAFactoryThatTheBuildRunsChanged_thenTheStructureChanges() throws Exception {
    var before = structure();

    write("hedge/Factory.class", "factory 2");

    assertThat(structure()).isNotEqualTo(before);
  }

  @Test
  void structure_annotatedClassChanged_changes() throws Exception {
    write("hedge/Entity.class", "Ljakarta/persistence/Entity; 1");
    var before = structure();

    write("hedge/Entity.class", "Ljakarta/persistence/Entity; 2");

    assertThat(structure()).isNotEqualTo(before);
  }

  @Test
  void whenAResourceChanged_thenTheStructureChanges() throws Exception {
    var before = structure();

    write("META-INF/tables.xml", "<changed/>");

    assertThat(structure()).isNotEqualTo(before);
  }

  @Test
  void whenAPageChanged_thenOnlyTheContentChanges() throws Exception {
    var before = structure();
    var contentBefore = content();

    write("theme/messages.properties", "a=c");

    assertThat(structure()).isEqualTo(before);
    assertThat(content()).isNotEqualTo(contentBefore);
  }

  @Test
  void whenItHasNoEntities_thenAllItsStructuresAreTheSame() throws Exception {
    Files.delete(classes.resolve(ENTITIES));
    write("META-INF/services/org.example.Spi", "hedge.Factory\n");
    var before = structure();

    write("hedge/New.class", "new");

    assertThat(structure()).isEqualTo(before);
  }

  @Test
  void whenOtherFilesAreAdded_thenTheStructureIsTheSame() throws Exception {
    var before = structure();

    write("hedge/New.class", "new");
    write("hedge/version.properties", "version=2");

    assertThat(structure()).isEqualTo(before);
  }

  @Test
  void jar_changed_hasTheSameTime() throws Exception {
    var first = Files.createDirectory(directory.resolve("first"));
    var second = Files.createDirectory(directory.resolve("second"));
    ProviderJar.read(classes).writeTo(first);
    write("hedge/Body.class", "body 2");
    ProviderJar.read(classes).writeTo(second);

    assertThat(Files.getLastModifiedTime(second.resolve("hedge.jar")))
        .isEqualTo(Files.getLastModifiedTime(first.resolve("hedge.jar")));
    assertThat(second.resolve("hedge.jar"))
        .binaryContent()
        .isNotEqualTo(Files.readAllBytes(first.resolve("hedge.jar")));
  }

  @Test
  void aJarAndItsClassesHaveTheSameContent() throws Exception {
    var jars = Files.createDirectory(directory.resolve("jars"));
    ProviderJar.read(classes).writeTo(jars);

    assertThat(structure(jars.resolve("hedge.jar"))).isEqualTo(structure());
  }

  @Test
  void whenThereIsNone_thenTheMessageSaysWhatToDo() {
    assertThatThrownBy(() -> ProviderJar.read(directory.resolve("missing.jar")))
        .isInstanceOf(StackFailure.class)
        .hasMessageContaining("missing.jar: build it first");
  }

  private String structure() throws Exception {
    return structure(classes);
  }

  private String content() throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    ProviderJar.read(classes).content(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String structure(Path provider) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    ProviderJar.read(provider).structure(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  private void write(String name, String content) throws IOException {
    var file = classes.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, UTF_8);
  }
}
