/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rowlock.realm.source.Origin;

/** Writes a plan for people. The text of the same plan is the same. */
public final class PlanText {
  private static final int MAX_VALUE = 200;
  private static final int MAX_REASON = 160;
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String RED = "31";
  private static final String FAINT = "2";

  private final boolean colored;
  private final StringBuilder text = new StringBuilder();

  private PlanText(boolean colored) {
    this.colored = colored;
  }

  /** Returns the text, with ANSI colours or without. */
  public static String of(Plan plan, boolean colored) {
    return of(plan, colored, change -> "");
  }

  /** Returns the text with a note below each change; an empty note is left out. */
  public static String of(Plan plan, boolean colored, Function<Change, String> note) {
    var writer = new PlanText(colored);
    for (var change : plan.changes()) {
      writer.change(change);
      var text = note.apply(change);
      if (!text.isEmpty()) {
        writer.line(FAINT, "    " + text, null);
      }
    }
    plan.undeclared().forEach(key -> writer.undeclared(key.toString()));
    writer.text.append(summary(plan)).append('\n');
    return writer.text.toString();
  }

  /** Returns one sentence with the numbers of changes. */
  public static String summary(Plan plan) {
    if (plan.changes().isEmpty()) {
      return "Realm " + plan.realm() + ": no changes.";
    }
    var parts =
        List.of(
                count(plan, Change.Action.CREATE, "to create"),
                count(plan, Change.Action.UPDATE, "to change"),
                count(plan, Change.Action.REMOVE, "to remove"))
            .stream()
            .filter(part -> !part.startsWith("0 "))
            .collect(Collectors.joining(", "));
    var manual = plan.changes().size() - plan.automatic().size();
    return "Realm "
        + plan.realm()
        + ": "
        + parts
        + (manual == 0 ? "" : "; " + manual + " of them only by an operator")
        + ".";
  }

  private static String count(Plan plan, Change.Action action, String what) {
    return plan.changes().stream().filter(change -> change.action() == action).count() + " " + what;
  }

  private void change(Change change) {
    switch (change.action()) {
      case CREATE -> line(GREEN, "+ " + change.key(), null);
      case UPDATE -> line(YELLOW, "~ " + change.key(), null);
      case REMOVE -> line(RED, "- " + change.key() + " (no longer declared)", null);
    }
    if (change.manual() != null) {
      line(RED, "    ! apply leaves this to an operator: " + change.manual(), null);
    }
    var reason = "";
    for (var difference : change.differences()) {
      difference(difference);
      var origin = difference.origin();
      if (origin != null && !origin.reason().isEmpty() && !origin.reason().equals(reason)) {
        reason = origin.reason();
        line(FAINT, "        # " + shortened(reason, MAX_REASON), null);
      }
    }
  }

  private void difference(Difference difference) {
    var path = "    " + difference.path() + ": ";
    var declared = difference.declared();
    var server = difference.server();
    if (server == null) {
      line(GREEN, path + value(declared), difference.origin());
    } else if (declared == null && difference.origin() == null) {
      line(RED, path + value(server) + ", is removed", difference.origin());
    } else {
      line(YELLOW, path + value(server) + " -> " + value(declared), difference.origin());
    }
  }

  private void undeclared(String name) {
    line(FAINT, "  " + name + " is no longer declared and stays; --prune removes it", null);
  }

  private void line(String color, String content, @Nullable Origin origin) {
    var safe = printable(content);
    text.append(colored ? "\u001b[" + color + "m" + safe + "\u001b[0m" : safe);
    if (origin != null) {
      var place = "  (" + origin.place() + ")";
      text.append(colored ? "\u001b[" + FAINT + "m" + place + "\u001b[0m" : place);
    }
    text.append('\n');
  }

  private static String value(@Nullable String value) {
    return value == null ? "(none)" : shortened(value, MAX_VALUE);
  }

  /**
   * Names and values come from a server: a control character could change what a terminal shows.
   */
  private static String printable(String value) {
    return value.replaceAll("\\p{Cntrl}", "?");
  }

  private static String shortened(String value, int length) {
    return value.length() <= length ? value : value.substring(0, length) + "...";
  }
}
