/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ConstantDescs;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes a later build of the extension: with another version, and no class with the same bytes.
 * Each class gets a public constant, which changes its serial version UID too.
 */
final class NextExtensionVersion {
  static final String VERSION = "99.0.0-next";

  private static final String NAME = "rowlock/keycloak/version.properties";

  private NextExtensionVersion() {}

  /**
   * @param extension the jar, or its directory of classes
   * @param jar file for the next version
   */
  static Path of(Path extension, Path jar) {
    try {
      if (Files.isDirectory(extension)) {
        write(extension, jar);
      } else {
        try (var inside = FileSystems.newFileSystem(extension)) {
          write(inside.getPath("/"), jar);
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path root, Path jar) throws IOException {
    try (var all = Files.walk(root);
        var out = Files.newOutputStream(jar);
        var zip = new ZipOutputStream(out)) {
      var files = all.filter(Files::isRegularFile).sorted().toList();
      for (var file : files) {
        var name = root.relativize(file).toString().replace('\\', '/');
        zip.putNextEntry(new ZipEntry(name));
        zip.write(next(name, file));
        zip.closeEntry();
      }
    }
  }

  private static byte[] next(String name, Path file) throws IOException {
    if (name.equals(NAME)) {
      return ("version=" + VERSION + "\n").getBytes(StandardCharsets.UTF_8);
    }
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readAllBytes();
      return isClass(name) ? withAnotherMember(bytes) : bytes;
    }
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class") && !name.endsWith("-info.class");
  }

  private static byte[] withAnotherMember(byte[] bytes) {
    var classes = ClassFile.of();
    return classes.transformClass(
        classes.parse(bytes),
        ClassTransform.endHandler(
            builder ->
                builder.withField(
                    "NEXT_VERSION",
                    ConstantDescs.CD_int,
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL)));
  }
}
