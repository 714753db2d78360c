/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.function.Supplier;
import rowlock.local.system.StackFailure;

/** Generates passwords. Each is kept in a file that only the owner can read. */
public final class Secrets {
  private static final int BYTES = 24;

  private Secrets() {}

  /** Returns a new password: random bytes in hexadecimal digits. */
  public static String generate() {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Returns the password in a file. Generates and writes it if the file does not exist. */
  public static String readOrGenerate(Path file) {
    try {
      return Files.readString(provide(file, Secrets::generate)).strip();
    } catch (IOException e) {
      throw StackFailure.writing(file, e);
    }
  }

  /** Returns the file, and writes it first if it does not exist. */
  public static Path provide(Path file, Supplier<String> secret) {
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        write(file, secret.get());
      }
      return file;
    } catch (IOException e) {
      throw StackFailure.writing(file, e);
    }
  }

  /** Writes a new file that only the owner can read from the moment it exists. */
  public static void write(Path file, String secret) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = Files.newByteChannel(file, options, ownerOnly)) {
      channel.write(StandardCharsets.UTF_8.encode(secret));
    }
  }
}
