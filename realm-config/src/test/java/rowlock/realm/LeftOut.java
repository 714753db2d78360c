/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What {@code left-out.yaml} says that the realm does not state. */
record LeftOut(JsonNode content) {

  static LeftOut read() {
    try {
      var yaml =
          new ObjectMapper(new YAMLFactory()).readTree(Files.readString(Path.of("left-out.yaml")));
      return new LeftOut(RealmServer.JSON.readTree(yaml.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of a kind of things. */
  Set<String> names(String kind) {
    var names = new TreeSet<String>();
    var things = content.path(kind);
    if (things.isArray()) {
      things.forEach(name -> names.add(name.asString()));
    } else {
      names.addAll(things.propertyNames());
    }
    return names;
  }

  /** The value that was accepted, missing or null if any is. */
  JsonNode value(String kind, String name) {
    return content.path(kind).path(name);
  }
}
