/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * The files of the page and one name for all their contents. The name is part of their address:
 * whatever changes gets a new one, so a browser keeps what it has for good, and modules that import
 * each other by relative paths are always of one version.
 */
@Component
final class PageFiles {

  static final String LOCATION = "classpath:/page/";

  private static final String ASSETS = "{{assets}}";
  private static final int NAME_CHARACTERS = 16;

  private final String path;
  private final byte[] index;

  PageFiles() {
    try {
      Resource[] files =
          new PathMatchingResourcePatternResolver(PageFiles.class.getClassLoader())
              .getResources("classpath:/page/**/*.*");
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Map<String, Resource> sorted = new TreeMap<>(Comparator.naturalOrder());
      for (Resource file : files) {
        String address = file.getURL().toString();
        sorted.put(address.substring(address.lastIndexOf("/page/")), file);
      }
      String html = "";
      for (Map.Entry<String, Resource> file : sorted.entrySet()) {
        byte[] content = file.getValue().getContentAsByteArray();
        digest.update(file.getKey().getBytes(StandardCharsets.UTF_8));
        digest.update(content);
        if (file.getKey().equals("/page/index.html")) {
          html = new String(content, StandardCharsets.UTF_8);
        }
      }
      String name = HexFormat.of().formatHex(digest.digest()).substring(0, NAME_CHARACTERS);
      this.path = "/assets/" + name + "/";
      this.index =
          html.replace(ASSETS, path.substring(0, path.length() - 1))
              .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Where the files are, with a slash at the end. */
  String path() {
    return path;
  }

  /** The page, which names that place wherever its source says {@code {{assets}}}. */
  byte[] index() {
    return index;
  }
}
