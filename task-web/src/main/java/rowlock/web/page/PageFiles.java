/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import rowlock.web.settings.PageSettings;

/**
 * Reads the page's files. Their path contains a hash of all contents, so that browsers can cache
 * them permanently and modules that import each other by relative paths are of the same version.
 */
@Component
final class PageFiles {
  private static final String ASSETS = "{{assets}}";
  private static final String MODULES = "{{modules}}";
  private static final String INDEX = "index.html";
  private static final String PROBLEM = "problem.html";
  private static final String LIT = "lit-html.js";
  private static final int NAME_CHARACTERS = 16;

  private final PathMatchingResourcePatternResolver resources =
      new PathMatchingResourcePatternResolver(PageFiles.class.getClassLoader());
  private final PageSettings settings;
  private final String lit;
  private final Version initial;

  /**
   * One version of the files.
   *
   * @param path path of the files, with a slash at the end
   * @param index the page, which contains the path
   * @param problem page for errors with placeholders for its texts, or null if there is none
   */
  private record Version(String path, byte[] index, @Nullable String problem) {}

  PageFiles(PageSettings settings) {
    this.settings = settings;
    this.lit = libraryFolder();
    this.initial = read();
  }

  /** Returns the path of the files, with a slash at the end. */
  String path() {
    return initial.path();
  }

  /** Returns the page, with the path of the files in place of {@code {{assets}}}. */
  byte[] index() {
    return settings.isDevelopment() ? read().index() : initial.index();
  }

  /** Returns the page for errors, with placeholders for its texts; null if the folder has none. */
  @Nullable String problem() {
    return settings.isDevelopment() ? read().problem() : initial.problem();
  }

  /** Returns whether the files are read again on each visit and must not be cached. */
  boolean isDevelopment() {
    return settings.isDevelopment();
  }

  /** Returns the resource location of the files. */
  String location() {
    return settings.location();
  }

  /** Returns the resource location of lit-html, a WebJar whose folder name is its version. */
  String libraryLocation() {
    return lit;
  }

  private Version read() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(lit.getBytes(StandardCharsets.UTF_8));
      var files = files();
      for (var file : files.entrySet()) {
        digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
        digest.update(file.getValue().getContentAsByteArray());
      }
      var name = HexFormat.of().formatHex(digest.digest()).substring(0, NAME_CHARACTERS);
      // in development the path is constant, because nothing is cached
      var path = "/assets/" + (settings.isDevelopment() ? "current" : name) + "/";
      var index = files.get(INDEX);
      if (index == null) {
        throw settings.missing(INDEX);
      }
      var folder = path.substring(0, path.length() - 1);
      var problem = files.get(PROBLEM);
      return new Version(
          path,
          index
              .getContentAsString(StandardCharsets.UTF_8)
              .replace(MODULES, preloads(files))
              .replace(ASSETS, folder)
              .getBytes(StandardCharsets.UTF_8),
          problem == null
              ? null
              : problem.getContentAsString(StandardCharsets.UTF_8).replace(ASSETS, folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Preloads all modules, because a browser otherwise discovers them one import after the other.
   */
  private static String preloads(Map<String, Resource> files) {
    return files.keySet().stream()
        .filter(file -> file.endsWith(".js"))
        .map(file -> "<link rel=\"modulepreload\" href=\"" + ASSETS + "/" + file + "\">")
        .collect(Collectors.joining("\n"));
  }

  private Map<String, Resource> files() throws IOException {
    Map<String, Resource> files = new TreeMap<>();
    var folder = resources.getResource(settings.location()).getURL().toString();
    for (var file : resources.getResources(settings.location() + "**/*.*")) {
      files.put(file.getURL().toString().substring(folder.length()), file);
    }
    return files;
  }

  private String libraryFolder() {
    try {
      var found =
          resources.getResources("classpath*:/META-INF/resources/webjars/lit-html/*/" + LIT);
      if (found.length != 1) {
        throw new IllegalStateException(
            "the class path holds " + found.length + " WebJars of lit-html instead of one");
      }
      var file = found[0].getURL().toString();
      return file.substring(0, file.length() - LIT.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
