/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.supply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Represents a component in a bill of materials.
 *
 * @param coordinates group and name, {@code org.example:library}
 * @param purl its package URL, with version
 * @param licences SPDX identifiers, or names without one; of several the recipient may choose one
 * @param sha256 of its jar, in hexadecimal; empty if the bill has none
 * @param optional whether it is part of the artifact in another way than as a library
 */
record Component(
    String coordinates,
    String version,
    String purl,
    Set<String> licences,
    String sha256,
    boolean optional) {

  static Component of(JsonNode entry) {
    Set<String> licences = new LinkedHashSet<>();
    for (var choice : entry.path("licenses")) {
      licences.add(
          choice.has("expression")
              ? choice.get("expression").asText()
              : choice
                  .path("license")
                  .path("id")
                  .asText(choice.path("license").path("name").asText()));
    }
    var sha256 =
        StreamSupport.stream(entry.path("hashes").spliterator(), false)
            .filter(hash -> hash.path("alg").asText().equals("SHA-256"))
            .map(hash -> hash.path("content").asText())
            .findFirst()
            .orElse("");
    return new Component(
        entry.path("group").asText() + ":" + entry.path("name").asText(),
        entry.path("version").asText(),
        entry.path("purl").asText(),
        licences,
        sha256,
        entry.path("scope").asText().equals("optional"));
  }

  boolean isOurs() {
    return coordinates.startsWith("rowlock:");
  }

  @Override
  public String toString() {
    return coordinates + ":" + version + " " + licences;
  }
}
