/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Compiles one test class into an extension. */
public final class TestExtension {
  private TestExtension() {}

  /**
   * Compiles a provider factory of the tests for the oldest Java that a server may run on, into a
   * new folder.
   *
   * @param factory the class, whose source file uses no other test class at run time
   * @param service the type under which it is registered
   */
  public static Path of(Class<?> factory, Class<?> service) {
    try {
      // the server's jar is named after the folder two levels above: one for each extension
      var folder =
          Files.createDirectories(
              Files.createTempDirectory(Path.of("target"), "test-extension")
                  .toAbsolutePath()
                  .resolve(factory.getSimpleName())
                  .resolve("target/classes"));
      var source = "src/test/java/" + factory.getName().replace('.', '/') + ".java";
      var errors = new ByteArrayOutputStream();
      var status =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  errors,
                  "--release",
                  "17",
                  "-proc:none",
                  "-implicit:none",
                  "-d",
                  folder.toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  source);
      if (status != 0) {
        throw new AssertionError(errors.toString(StandardCharsets.UTF_8));
      }
      var services = Files.createDirectories(folder.resolve("META-INF/services"));
      Files.writeString(services.resolve(service.getName()), factory.getName());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
