/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${NAME}} by its value, and {@code ${NAME:default}} by its value or the default. A
 * placeholder without value and default is refused, so that no deployment starts with the value of
 * another. Of {@code ${ONE,OTHER}} the first that is set is used. {@code ${name}} in lower case is
 * a text of Keycloak's own pages and is kept.
 */
record Placeholders(Map<String, String> values, SecretValues secrets) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}?");
  private static final Pattern NAME =
      Pattern.compile("([A-Z][A-Z0-9_]*(?:,[A-Z][A-Z0-9_]*)*+)(?::(.*))?");
  private static final Pattern TEXT_OF_THE_PAGES = Pattern.compile("[a-z][A-Za-z0-9._-]*");

  Fragment resolve(Fragment fragment) {
    return fragment.withContent((ObjectNode) resolve(fragment.content(), fragment.file()));
  }

  private JsonNode resolve(JsonNode node, String file) {
    if (node instanceof ObjectNode object) {
      var resolved = JsonNodeFactory.instance.objectNode();
      object
          .properties()
          .forEach(member -> resolved.set(member.getKey(), resolve(member.getValue(), file)));
      return resolved;
    }
    if (node instanceof ArrayNode array) {
      var resolved = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> resolved.add(resolve(element, file)));
      return resolved;
    }
    if (node instanceof TextNode text) {
      var used = new LinkedHashMap<String, String>();
      var whole =
          PLACEHOLDER
              .matcher(text.textValue())
              .replaceAll(
                  found ->
                      Matcher.quoteReplacement(valueOf(found.group(), found.group(1), file, used)));
      used.forEach((name, value) -> secrets.add(name, value, whole));
      return TextNode.valueOf(whole);
    }
    return node;
  }

  private String valueOf(String whole, String inner, String file, Map<String, String> used) {
    if (whole.endsWith("}") && TEXT_OF_THE_PAGES.matcher(inner).matches()) {
      return whole;
    }
    var parts = NAME.matcher(inner);
    if (!whole.endsWith("}") || !parts.matches()) {
      throw new RealmSourceException(
          file, "\"" + whole + "\" is not a placeholder: write ${NAME} in capitals");
    }
    var names = List.of(parts.group(1).split(","));
    var name = names.stream().filter(this::isSet).findFirst().orElse(names.getLast());
    var value = isSet(name) ? values.get(name) : parts.group(2);
    if (value == null) {
      throw new RealmSourceException(file, name + " is not set");
    }
    used.put(name, value);
    if (SecretValues.isVaultReference(value)) {
      return value;
    }
    // Keycloak expands ${...} again during the import
    if (value.contains("${") || value.chars().anyMatch(Character::isISOControl)) {
      throw new RealmSourceException(file, name + " holds \"${\" or a control character");
    }
    if (name.endsWith("_URL") && !isOrigin(value)) {
      throw new RealmSourceException(
          file,
          name
              + " must be an absolute http or https URL without a path, such as https://tasks.example");
    }
    return value;
  }

  private boolean isSet(String name) {
    var value = values.get(name);
    return value != null && !value.isBlank();
  }

  private static boolean isOrigin(String value) {
    try {
      var url = new URI(value);
      return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null
          && url.getUserInfo() == null
          && url.getRawPath().isEmpty()
          && url.getRawQuery() == null
          && url.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
