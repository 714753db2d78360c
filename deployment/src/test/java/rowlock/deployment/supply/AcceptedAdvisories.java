/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Lists reviewed advisories that do not affect the product, each until the date of the next review:
 * {@code GHSA-xxxx-xxxx-xxxx=2027-01-31 the reason}.
 */
record AcceptedAdvisories(Map<String, LocalDate> until) {

  static AcceptedAdvisories read() {
    try (var in = AcceptedAdvisories.class.getResourceAsStream("accepted-advisories.properties")) {
      var properties = new Properties();
      properties.load(in);
      return of(properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AcceptedAdvisories of(Properties properties) {
    Map<String, LocalDate> until = new TreeMap<>();
    for (var id : properties.stringPropertyNames()) {
      var words = properties.getProperty(id).split("\\s+", 2);
      if (words.length < 2 || words[1].isBlank()) {
        throw new IllegalArgumentException(id + " is accepted without a reason");
      }
      until.put(id, LocalDate.parse(words[0]));
    }
    return new AcceptedAdvisories(until);
  }

  boolean has(String id, LocalDate today) {
    return !until.getOrDefault(id, LocalDate.MIN).isBefore(today);
  }
}
