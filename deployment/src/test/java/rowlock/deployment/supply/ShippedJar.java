/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import java.util.zip.ZipInputStream;

/** Represents a shipped jar with its content and its bill of materials. */
record ShippedJar(Path jar) {

  static final String BILL = "META-INF/sbom/application.cdx.json";
  private static final String LIBRARIES = "BOOT-INF/lib/";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Represents a jar within the jar: the names of its entries, and the hash of the file. */
  record Library(String name, String sha256, List<String> entries) {}

  /** Returns the programs of the images. */
  static List<ShippedJar> programs() {
    return List.of(
        built("task-api", "*-app.jar"),
        built("task-web", "*-app.jar"),
        built("deployment", "*-app.jar"));
  }

  /** Returns the jar in Keycloak's image. */
  static ShippedJar extension() {
    return built("keycloak-extensions", "*[0-9T].jar");
  }

  static List<ShippedJar> all() {
    List<ShippedJar> all = new ArrayList<>(programs());
    all.add(extension());
    return all;
  }

  private static ShippedJar built(String module, String pattern) {
    var folder = Path.of("..", module, "target");
    try (var jars = Files.newDirectoryStream(folder, module + "-" + pattern)) {
      var found = StreamSupport.stream(jars.spliterator(), false).toList();
      if (found.size() != 1) {
        throw new IllegalStateException(
            "One jar expected of "
                + module
                + ", found "
                + found
                + ": build with `./mvnw clean verify`.");
      }
      return new ShippedJar(found.getFirst());
    } catch (IOException e) {
      throw new IllegalStateException("Build " + module + " first: " + e, e);
    }
  }

  JsonNode bill() {
    var bill = bytes(BILL);
    if (bill.length == 0) {
      throw new AssertionError(
          this + " has no " + BILL + "; a build with `-o` cannot make one: build without.");
    }
    try {
      return JSON.readTree(bill);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  List<Component> components() {
    return StreamSupport.stream(bill().path("components").spliterator(), false)
        .map(Component::of)
        .toList();
  }

  String text(String entry) {
    return new String(bytes(entry));
  }

  List<String> entries() {
    try (var file = new JarFile(jar.toFile())) {
      return file.stream().map(JarEntry::getName).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the jars within, by their hash. */
  Map<String, Library> libraries() {
    Map<String, Library> libraries = new LinkedHashMap<>();
    for (var name : entries()) {
      if (name.startsWith(LIBRARIES) && name.endsWith(".jar")) {
        var bytes = bytes(name);
        var hash = sha256(bytes);
        libraries.put(hash, new Library(name.substring(LIBRARIES.length()), hash, names(bytes)));
      }
    }
    return libraries;
  }

  private byte[] bytes(String entry) {
    try (var file = new JarFile(jar.toFile())) {
      var found = file.getEntry(entry);
      if (found == null) {
        return new byte[0];
      }
      try (var in = file.getInputStream(found)) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> names(byte[] jar) {
    List<String> names = new ArrayList<>();
    try (var in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return names;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns all shipped components, each once. */
  static List<Component> parts() {
    Map<String, Component> parts = new LinkedHashMap<>();
    all().stream()
        .flatMap(shipped -> shipped.components().stream())
        .forEach(part -> parts.putIfAbsent(part.purl(), part));
    return List.copyOf(parts.values());
  }

  @Override
  public String toString() {
    return jar.getFileName().toString();
  }
}
