/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.source;

import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Finds the line and the comment of each value of a file. A comment belongs to the value below it
 * or before it on the same line, and to all that follows without an empty line. A value without a
 * comment has that of the value that contains it, and finally that at the top of the file.
 */
final class Lines {
  private final String file;
  private final Map<String, Origin> origins = new HashMap<>();

  private Lines(String file) {
    this.file = file;
  }

  /** Reads the text of a file that is known to be valid YAML. */
  static Lines of(String file, String yaml) {
    var options = new LoaderOptions();
    options.setProcessComments(true);
    var root = new Yaml(options).compose(new StringReader(yaml));
    var lines = new Lines(file);
    if (root instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
      var first = mapping.getValue().getFirst().getKeyNode();
      lines.add("", first, topOf(yaml));
      lines.addAll("", mapping, topOf(yaml));
    }
    return lines;
  }

  /** Returns the place of a value: names and indexes, each after a slash. */
  Origin at(String pointer) {
    var found = origins.get(pointer);
    return found == null ? new Origin(file, 1, "") : found;
  }

  private void addAll(String pointer, Node node, String inherited) {
    if (node instanceof MappingNode mapping) {
      var reason = inherited;
      for (var member : mapping.getValue()) {
        if (member.getKeyNode() instanceof ScalarNode key) {
          reason = reasonOf(key, member.getValueNode(), reason, inherited);
          add(pointer + "/" + key.getValue(), key, reason);
          addAll(pointer + "/" + key.getValue(), member.getValueNode(), reason);
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      var reason = inherited;
      for (var index = 0; index < sequence.getValue().size(); index++) {
        var element = sequence.getValue().get(index);
        reason = reasonOf(firstOf(element), element, reason, inherited);
        add(pointer + "/" + index, element, reason);
        addAll(pointer + "/" + index, element, reason);
      }
    }
  }

  /** A comment above an element of a list belongs to the first name in it. */
  private static Node firstOf(Node element) {
    return element instanceof MappingNode mapping
            && !mapping.getValue().isEmpty()
            && element.getBlockComments() == null
        ? mapping.getValue().getFirst().getKeyNode()
        : element;
  }

  private void add(String pointer, Node node, String reason) {
    origins.put(pointer, new Origin(file, node.getStartMark().getLine() + 1, reason));
  }

  private static String reasonOf(Node key, Node value, String previous, String inherited) {
    var above = key.getBlockComments();
    var text = textOf(above);
    if (text == null) {
      text = textOf(value.getInLineComments());
    }
    if (text == null) {
      text = textOf(key.getInLineComments());
    }
    if (text != null) {
      return text;
    }
    return above == null || above.isEmpty() ? previous : inherited;
  }

  /** Returns the last paragraph of a comment; null if there is none. */
  private static @Nullable String textOf(@Nullable List<CommentLine> comments) {
    if (comments == null) {
      return null;
    }
    var start = 0;
    for (var index = 0; index < comments.size(); index++) {
      if (comments.get(index).getCommentType() == CommentType.BLANK_LINE
          && index < comments.size() - 1) {
        start = index + 1;
      }
    }
    var text =
        comments.subList(start, comments.size()).stream()
            .filter(comment -> comment.getCommentType() != CommentType.BLANK_LINE)
            .map(comment -> Objects.requireNonNullElse(comment.getValue(), "").strip())
            .collect(Collectors.joining(" "))
            .strip();
    return text.isEmpty() ? null : text;
  }

  private static String topOf(String yaml) {
    return yaml.lines()
        .takeWhile(line -> line.startsWith("#"))
        .map(line -> line.substring(1).strip())
        .collect(Collectors.joining(" "))
        .strip();
  }
}
