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

/** Reads {@code left-out.yaml}, the list of names and values that the realm does not state. */
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

  /** Returns the names of a kind. */
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

  /** Returns the accepted value; missing or null if any value is accepted. */
  JsonNode value(String kind, String name) {
    return content.path(kind).path(name);
  }
}
