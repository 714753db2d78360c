/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rowlock.realm.model.ObjectKey;
import rowlock.realm.model.RealmObject;
import rowlock.realm.model.RealmObjects;
import rowlock.realm.source.DeclaredRealm;
import rowlock.realm.source.RealmSourceException;

/**
 * Lists the differences between a source and a server: the declared fields, and nothing else. The
 * same source and server give the same plan.
 *
 * @param realm the name
 * @param changes in the order of kinds and names
 * @param undeclared objects that were declared once and still exist; they stay
 * @param declared objects of the source
 * @param server objects of the server
 * @param record of this source, for the server
 * @param recorded whether the server has this record
 * @param options with which it was made
 */
public record Plan(
    String realm,
    List<Change> changes,
    SortedSet<ObjectKey> undeclared,
    SortedMap<ObjectKey, RealmObject> declared,
    SortedMap<ObjectKey, RealmObject> server,
    AppliedRecord record,
    boolean recorded,
    Options options) {

  /** Copies the list of changes. */
  public Plan {
    changes = List.copyOf(changes);
  }

  /**
   * Chooses what belongs to a plan.
   *
   * @param prune whether objects that are no longer declared are removed
   * @param rewriteSecrets whether all secret values are written, even those that were applied
   */
  public record Options(boolean prune, boolean rewriteSecrets) {}

  /**
   * Compares a source with a server.
   *
   * @param server representation of the realm without secret values
   * @throws RealmSourceException if the source states something that cannot be compared
   */
  public static Plan of(DeclaredRealm source, ObjectNode server, Options options) {
    var origins = source.origins();
    var stated = objects(source);
    var found = RealmObjects.ofServer(server);
    var applied = AppliedRecord.of(server);
    var secrets = new SecretFields(source.secrets(), applied.secrets(), options.rewriteSecrets());
    List<Change> changes = new ArrayList<>();
    for (var object : stated.values()) {
      var present = found.get(object.key());
      var content = present == null ? JsonNodeFactory.instance.objectNode() : present.content();
      var differences = Comparison.of(object, content, origins, secrets);
      if (present == null) {
        changes.add(new Change(object.key(), Change.Action.CREATE, differences, null));
      } else if (!differences.isEmpty()) {
        changes.addAll(ManualChanges.divide(object.key(), present, differences));
      }
    }
    var keys = new TreeSet<>(stated.keySet());
    var undeclared = new TreeSet<ObjectKey>();
    for (var key : applied.without(keys)) {
      var present = found.get(key);
      if (present == null) {
        continue;
      }
      if (options.prune()) {
        changes.add(
            new Change(key, Change.Action.REMOVE, List.of(), ManualChanges.ofRemoval(present)));
      } else {
        undeclared.add(key);
      }
    }
    changes.sort(Comparator.comparing(Change::key));
    keys.addAll(undeclared);
    keys.removeIf(key -> key.kind().isPermanent());
    var record = new AppliedRecord(keys, fingerprints(stated, secrets));
    return new Plan(
        source.name(), changes, undeclared, stated, found, record, record.equals(applied), options);
  }

  private static SortedMap<ObjectKey, RealmObject> objects(DeclaredRealm source) {
    try {
      return RealmObjects.ofSource(source.content(), source.origins()::copy);
    } catch (IllegalArgumentException e) {
      throw new RealmSourceException(source.name(), String.valueOf(e.getMessage()));
    }
  }

  private static SortedMap<String, String> fingerprints(
      SortedMap<ObjectKey, RealmObject> objects, SecretFields secrets) {
    var fingerprints = new TreeMap<String, String>();
    for (var object : objects.values()) {
      secrets
          .in(object)
          .forEach(
              (path, value) -> {
                var field = Fingerprint.field(object.key(), path);
                fingerprints.put(field, Fingerprint.of(field, value));
              });
    }
    return fingerprints;
  }

  /** Returns the changes that {@code apply} makes. */
  public List<Change> automatic() {
    return changes.stream().filter(change -> change.manual() == null).toList();
  }
}
