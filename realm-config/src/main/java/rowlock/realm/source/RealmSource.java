/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the source of a realm: merges the files, and replaces the placeholders. */
public final class RealmSource {
  private RealmSource() {}

  /**
   * Reads a folder.
   *
   * @param values of the placeholders by name
   * @param extensions whether the files in {@code extensions/} belong to the realm
   * @throws RealmSourceException if the source is invalid or a placeholder has no value
   */
  public static DeclaredRealm read(Path folder, Map<String, String> values, boolean extensions) {
    return read(folder, new StageValues(values, Set.of()), extensions);
  }

  /** Reads a folder with the values of a stage. */
  public static DeclaredRealm read(Path folder, StageValues values, boolean extensions) {
    var fragments =
        Fragment.readAll(folder).stream()
            .filter(fragment -> extensions || !fragment.needsExtensions())
            .toList();
    return merge(fragments, values);
  }

  private static DeclaredRealm merge(List<Fragment> fragments, StageValues stage) {
    var values = stage.values();
    var secrets = new SecretValues(stage.secrets());
    var placeholders = new Placeholders(values, secrets);
    var merged = new MergedRealm();
    var notes = new ArrayList<String>();
    var replaced = fragments.stream().map(Fragment::standsInFor).collect(Collectors.toSet());
    // fragments that need our jar are merged into the others
    var ordered =
        fragments.stream().sorted(Comparator.comparing(Fragment::needsExtensions)).toList();
    for (var fragment : ordered) {
      if (replaced.contains(fragment.file())) {
        continue;
      }
      if (!fragment.condition().holds(values)) {
        var note = fragment.condition().note(values);
        if (note != null) {
          notes.add(note);
        }
        continue;
      }
      var complete = placeholders.resolve(fragment);
      complete.withComponentSettingsAsText().refuseUnknownProperties();
      merged.add(complete);
    }
    return merged.declared(notes, secrets);
  }
}
