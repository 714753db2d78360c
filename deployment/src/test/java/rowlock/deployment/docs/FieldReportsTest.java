/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import rowlock.field.FieldReport;

/**
 * Checks that {@code docs/field-reports.md} and the tests with {@link FieldReport} refer to each
 * other. The sources are parsed, because the test classes of the other modules are not on this
 * class path.
 */
class FieldReportsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path DOCUMENT = ROOT.resolve("docs/field-reports.md");
  private static final Pattern ADDRESS = Pattern.compile("^\\[[^]]+]\\((https://[^)]+)\\)$");
  private static final Pattern TEST = Pattern.compile("([a-z-]+): `(\\w+)\\.(\\w+)`");
  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");

  @Test
  void annotatedTests_andRows_match() throws IOException {
    var rows = new TreeSet<String>();
    for (var row : rows()) {
      row.tests().forEach(test -> rows.add(row.report() + " " + test));
    }

    assertThat(annotated()).isNotEmpty().containsExactlyInAnyOrderElementsOf(rows);
  }

  @Test
  void rows_areComplete() throws IOException {
    for (var row : rows()) {
      assertThat(row.report()).as(row.line()).isNotEmpty();
      assertThat(row.cells()).as(row.line()).hasSize(4).noneMatch(String::isBlank);
      assertThat(row.tests()).as(row.line()).isNotEmpty().doesNotHaveDuplicates();
    }
  }

  @Test
  void reports_areListedOnce() throws IOException {
    assertThat(rows()).extracting(Row::report).doesNotHaveDuplicates();
  }

  /**
   * Returns the rows of all tables of the document, without the heads.
   *
   * @throws IOException if the document cannot be read
   */
  private static List<Row> rows() throws IOException {
    try (var lines = Files.lines(DOCUMENT)) {
      return lines
          .filter(line -> line.startsWith("|"))
          .filter(line -> !line.startsWith("| Report ") && !line.startsWith("| ---"))
          .map(Row::of)
          .toList();
    }
  }

  /** Returns report and test, separated by a space, for each annotation in a test source. */
  private static Set<String> annotated() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
      var found = new TreeSet<String>();
      for (var unit : task.parse()) {
        var source = Path.of(unit.getSourceFile().toUri());
        unit.accept(new Reports(prefix(source), found), null);
      }
      return found;
    }
  }

  private static List<Path> sources() throws IOException {
    var sources = new ArrayList<Path>();
    try (var files = Files.walk(ROOT)) {
      for (var file : files.filter(FieldReportsTest::isTestSource).toList()) {
        if (Files.readString(file).contains("@" + FieldReport.class.getSimpleName())) {
          sources.add(file);
        }
      }
    }
    return sources;
  }

  /**
   * Returns whether a file is a test source of a module, except for the annotation's own test,
   * which has no real reports.
   */
  private static boolean isTestSource(Path file) {
    return ROOT.relativize(file)
        .toString()
        .matches("[^/]+/src/test/java/(?!rowlock/field/).*\\.java");
  }

  /** Returns {@code task-api: ClassIT}. */
  private static String prefix(Path source) {
    var relative = ROOT.relativize(source);
    var name = relative.getFileName().toString();
    return relative.getName(0) + ": " + name.substring(0, name.length() - ".java".length());
  }

  private record Row(String line, List<String> cells) {

    static Row of(String line) {
      var content = line.substring(line.indexOf('|') + 1, line.lastIndexOf('|'));
      return new Row(line, Stream.of(content.split("\\|", -1)).map(String::strip).toList());
    }

    /** Returns the report's address, or an empty text if the first cell is not a link. */
    String report() {
      var link = ADDRESS.matcher(content(0));
      return link.find() ? link.group(1) : "";
    }

    List<String> tests() {
      return TEST.matcher(content(3))
          .results()
          .map(test -> test.group(1) + ": " + test.group(2) + "." + test.group(3))
          .toList();
    }

    private String content(int cell) {
      return cell < cells.size() ? cells.get(cell) : "";
    }
  }

  private static final class Reports extends TreeScanner<Void, Void> {
    private final String prefix;
    private final Set<String> found;

    private Reports(String prefix, Set<String> found) {
      this.prefix = prefix;
      this.found = found;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      var annotations = method.getModifiers().getAnnotations();
      for (var annotation : annotations) {
        if (name(annotation).equals(FieldReport.class.getSimpleName())) {
          var test = prefix + "." + method.getName();
          assertThat(annotations).as(test).anyMatch(other -> TESTS.contains(name(other)));
          found.add(text(annotation.getArguments().getFirst()) + " " + test);
        }
      }
      return super.visitMethod(method, nothing);
    }

    private static String name(AnnotationTree annotation) {
      return annotation.getAnnotationType().toString();
    }

    private static String text(ExpressionTree argument) {
      var value =
          argument instanceof AssignmentTree assignment ? assignment.getExpression() : argument;
      return (String) ((LiteralTree) value).getValue();
    }
  }
}
