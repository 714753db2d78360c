/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.model;

import java.util.Comparator;

/**
 * Names an object by its kind and names, never by an id.
 *
 * @param kind of the object
 * @param parent that contains it: the client of a role, the identity provider of a mapper, the type
 *     of a component; empty if it is the realm
 * @param name within the parent
 */
public record ObjectKey(Kind kind, String parent, String name) implements Comparable<ObjectKey> {
  private static final Comparator<ObjectKey> ORDER =
      Comparator.comparing(ObjectKey::kind)
          .thenComparing(ObjectKey::parent)
          .thenComparing(ObjectKey::name);

  /** Names an object of the realm. */
  public ObjectKey(Kind kind, String name) {
    this(kind, "", name);
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ORDER.compare(this, other);
  }

  /** Returns the kind and the names, such as {@code client role account/view-profile}. */
  @Override
  public String toString() {
    return kind.label() + " " + (parent.isEmpty() ? "" : parent + "/") + name;
  }
}
