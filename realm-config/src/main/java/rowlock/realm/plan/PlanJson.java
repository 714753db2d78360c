/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * Writes a plan for programs. A plan file has the same form. It contains no secret values, and two
 * plans are the same if their JSON is equal.
 */
public final class PlanJson {
  private static final int VERSION = 1;
  private static final String PRUNE = "prune";
  private static final String REWRITE_SECRETS = "rewriteSecrets";
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlanJson() {}

  /** Returns the JSON of a plan. */
  public static ObjectNode of(Plan plan) {
    var json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("realm", plan.realm());
    json.put(PRUNE, plan.options().prune());
    json.put(REWRITE_SECRETS, plan.options().rewriteSecrets());
    var changes = json.putArray("changes");
    for (var change : plan.changes()) {
      var object = changes.addObject();
      object.put("action", change.action().name().toLowerCase(Locale.ROOT));
      object.put("kind", change.key().kind().label());
      object.put("parent", change.key().parent());
      object.put("name", change.key().name());
      object.put("manual", change.manual());
      var differences = object.putArray("differences");
      for (var difference : change.differences()) {
        var field = differences.addObject();
        field.put("path", difference.path());
        field.put("server", difference.server());
        field.put("declared", difference.declared());
        var origin = difference.origin();
        if (origin != null) {
          field.put("file", origin.file());
          field.put("line", origin.line());
          field.put("reason", origin.reason());
        }
      }
    }
    var undeclared = json.putArray("noLongerDeclared");
    plan.undeclared().forEach(key -> undeclared.add(key.toString()));
    return json;
  }

  /** Returns the options with which a plan was made. */
  public static Plan.Options options(JsonNode plan) {
    return new Plan.Options(plan.path(PRUNE).asBoolean(), plan.path(REWRITE_SECRETS).asBoolean());
  }

  /** Returns the JSON as indented text. */
  public static String text(JsonNode json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Writing JSON failed", e);
    }
  }
}
