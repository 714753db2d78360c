/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes the bundled list in the build: {@code OUT LIST EXCEPT}, where the third holds what is in
 * the second by mistake. What is no domain is left out, and so is what a domain above it covers.
 */
public final class DomainListTool {
  private static final int ARGUMENTS = 3;

  private DomainListTool() {}

  /** Writes the list, or fails with an exception, which the build shows. */
  @SuppressWarnings("SystemOut") // what a command says to its user
  public static void main(String[] args) throws IOException {
    if (args.length != ARGUMENTS) {
      throw new IllegalArgumentException("Usage: DomainListTool OUT LIST EXCEPT");
    }
    var domains = read(Path.of(args[1]));
    domains.removeAll(read(Path.of(args[2])));
    var top =
        domains.stream()
            .filter(
                domain ->
                    new MailDomain(domain)
                        .withParents().stream().skip(1).noneMatch(domains::contains))
            .toList();
    var list = DomainList.of(top);
    var out = Path.of(args[0]).toAbsolutePath();
    Files.createDirectories(out.getParent());
    Files.write(out, list.toBytes());
    System.out.println(
        out.getFileName() + ": " + list.size() + " domains, " + Files.size(out) + " bytes");
  }

  private static Set<String> read(Path file) throws IOException {
    try (var lines = Files.lines(file, UTF_8)) {
      return lines
          .map(MailDomain::of)
          .flatMap(Optional::stream)
          .map(MailDomain::name)
          .collect(Collectors.toSet());
    }
  }
}
