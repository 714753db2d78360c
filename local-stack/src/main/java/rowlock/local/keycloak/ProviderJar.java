/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.keycloak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import rowlock.local.system.StackFailure;

/**
 * Represents an extension of Keycloak: a jar, or a directory of compiled classes that is packed
 * into one. A built Keycloak depends on its {@link #content content}, the tables only on its {@link
 * #structure structure}.
 */
public final class ProviderJar {
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ENTITIES =
      "META-INF/services/org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory";
  private static final Pattern CHANGELOG =
      Pattern.compile("(?!META-INF/maven/|theme).*\\.(xml|ya?ml|json|sql)");

  private final String name;
  private final SortedMap<String, byte[]> entries;

  private ProviderJar(String name, SortedMap<String, byte[]> entries) {
    this.name = name;
    this.entries = entries;
  }

  /**
   * Reads a provider.
   *
   * @param jarOrClasses a jar, or a directory such as {@code some-module/target/classes}, whose jar
   *     is then named after the module
   */
  public static ProviderJar read(Path jarOrClasses) {
    var path = jarOrClasses.toAbsolutePath().normalize();
    try {
      if (Files.isDirectory(path)) {
        return new ProviderJar(moduleOf(path) + ".jar", readDirectory(path));
      }
      if (Files.isRegularFile(path)) {
        return new ProviderJar(path.getFileName().toString(), readJar(path));
      }
    } catch (IOException e) {
      throw new StackFailure(
          "Cannot read the Keycloak extension " + path + ": " + e.getMessage(), e);
    }
    throw new StackFailure("The Keycloak extension is missing at " + path + ": build it first.");
  }

  private static String moduleOf(Path classes) {
    var target = classes.getParent();
    var module = target == null ? null : target.getParent();
    return module == null || module.getFileName() == null
        ? "provider"
        : module.getFileName().toString();
  }

  private static SortedMap<String, byte[]> readDirectory(Path directory) throws IOException {
    var found = new TreeMap<String, byte[]>();
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        found.put(
            directory.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return found;
  }

  private static SortedMap<String, byte[]> readJar(Path jar) throws IOException {
    var found = new TreeMap<String, byte[]>();
    try (var zip = new ZipInputStream(Files.newInputStream(jar))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          found.put(entry.getName(), zip.readAllBytes());
        }
      }
    }
    return found;
  }

  /** Returns the file name of the jar. */
  String name() {
    return name;
  }

  /** Adds everything that a built Keycloak contains of this extension to a digest. */
  void content(MessageDigest digest) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    entries.forEach(
        (entry, content) -> {
          digest.update((byte) 0);
          digest.update(entry.getBytes(StandardCharsets.UTF_8));
          digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).flip());
          digest.update(content);
        });
  }

  /**
   * Adds everything that Keycloak's tables depend on to a digest: annotated entities, their
   * providers, and files of the formats that changelogs have. An extension without a provider of
   * entities has no tables.
   */
  void structure(MessageDigest digest) {
    if (!entries.containsKey(ENTITIES)) {
      return;
    }
    var providers = providersOfEntities();
    entries.forEach(
        (entry, content) -> {
          if (entry.equals(ENTITIES)
              || providers.contains(entry)
              || CHANGELOG.matcher(entry).matches()
              || (entry.endsWith(".class") && hasJakartaAnnotation(content))) {
            digest.update((byte) 0);
            digest.update(entry.getBytes(StandardCharsets.UTF_8));
            digest.update(content);
          }
        });
  }

  private Set<String> providersOfEntities() {
    return new String(Objects.requireNonNull(entries.get(ENTITIES)), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .map(line -> line.replace('.', '/') + ".class")
        .collect(Collectors.toSet());
  }

  private static boolean hasJakartaAnnotation(byte[] classFile) {
    return new String(classFile, StandardCharsets.ISO_8859_1).contains("Ljakarta/");
  }

  /** Writes the jar into a directory. The same entries give the same bytes. */
  public void writeTo(Path directory) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var entry : entries.entrySet()) {
        var header = new ZipEntry(entry.getKey());
        header.setTimeLocal(LocalDateTime.ofInstant(TIME, ZoneOffset.UTC));
        zip.putNextEntry(header);
        zip.write(entry.getValue());
      }
    }
    var jar = Files.write(directory.resolve(name), bytes.toByteArray());
    Files.setLastModifiedTime(jar, FileTime.from(TIME));
  }
}
