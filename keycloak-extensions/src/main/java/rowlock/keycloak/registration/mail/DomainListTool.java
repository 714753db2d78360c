/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Creates the bundled list in the build, from the arguments {@code OUT LIST EXCEPT}, where EXCEPT
 * holds domains that LIST contains by mistake. Omits invalid domains and domains with a listed
 * parent.
 */
public final class DomainListTool {
  private static final int ARGUMENTS = 3;

  private DomainListTool() {}

  /** Writes the list, or fails with an exception, which the build reports. */
  @SuppressWarnings("SystemOut") // output of a command-line tool
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
          .flatMap(line -> Stream.ofNullable(MailDomain.of(line)))
          .map(MailDomain::name)
          .collect(Collectors.toSet());
    }
  }
}
