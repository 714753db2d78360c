/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Instruction;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the methods of the server that a {@code stock} package, or support, overrides, calls or
 * copies by a hash of their instructions: an upgrade of Keycloak that changes one of them fails
 * here and not in production. Each package has a table {@code keycloak-methods.txt} in the test
 * resources.
 */
class StockMethodsTest {
  private static final int SHOWN = 16;
  private static final String ALL = "*";

  /** Excluded: a change of its parameters does not compile. */
  private static final String CONSTRUCTOR = "<init>";

  /**
   * A row of a table.
   *
   * @param seam package of ours
   * @param type name of the server's class
   * @param method its name; {@code *} for all methods and fields of the class
   * @param hash expected
   * @param tests to run after a change
   */
  record Row(String seam, String type, String method, String hash, String tests) {
    @Override
    public String toString() {
      return seam + ": " + type + "." + method;
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void stockMethod_hash_isUnchanged(Row row) {
    assertThat(hash(row.type(), row.method()))
        .as(
            "Keycloak's %s.%s has changed. Read its new source and %s beside it, run %s, and when all still holds, put the"
                + " new hash into the table of the package.",
            row.type(), row.method(), row.seam(), row.tests())
        .isEqualTo(row.hash());
  }

  @ParameterizedTest
  @MethodSource("rowlock.keycloak.ModuleLayout#seams")
  void table_listsEveryUsedStockMethod(String seam) {
    var table = table(seam);
    assertThat(table).as("%s has no table of the server's methods", seam).isNotEmpty();
    var missing = new ArrayList<String>();
    for (var used : used(seam)) {
      var parts = used.split(" ", -1);
      if (table.stream()
          .noneMatch(
              row ->
                  row.type().equals(parts[0])
                      && (row.method().equals(parts[1]) || row.method().equals(ALL)))) {
        missing.add(used + " " + hash(parts[0], parts[1]));
      }
    }
    assertThat(missing).as("rows that %s lacks", resource(seam)).isEmpty();
  }

  static Stream<Row> rows() {
    return ModuleLayout.seams().stream().flatMap(seam -> table(seam).stream());
  }

  private static List<Row> table(String seam) {
    try (var in = StockMethodsTest.class.getResourceAsStream(resource(seam))) {
      if (in == null) {
        return List.of();
      }
      var lines = new String(in.readAllBytes(), UTF_8).lines().toList();
      var tests = lines.get(0).replaceFirst("^# *", "");
      return lines.stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" +", -1))
          .map(part -> new Row(seam, part[0], part[1], part[2], tests))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String seam) {
    return "/" + seam.replace('.', '/') + "/keycloak-methods.txt";
  }

  /** Returns the called and overridden methods: the declaring class and the name. */
  private static Set<String> used(String seam) {
    var used = new TreeSet<String>();
    for (var type : ModuleLayout.classes()) {
      if (!type.getPackageName().equals(seam)) {
        continue;
      }
      type.getCodeUnitCallsFromSelf().stream()
          .flatMap(call -> call.getTarget().resolveMember().stream())
          .forEach(target -> add(target, used));
      for (var method : type.getMethods()) {
        type.getAllRawSuperclasses().stream()
            .flatMap(
                parent ->
                    parent
                        .tryGetMethod(method.getName(), parameters(method.getRawParameterTypes()))
                        .stream())
            .forEach(overridden -> add(overridden, used));
      }
    }
    return used;
  }

  private static void add(JavaCodeUnit method, Collection<String> used) {
    var owner = method.getOwner();
    if (owner.getName().startsWith("org.keycloak.")
        && ModuleLayout.isInternal(owner)
        && !owner.isInterface()
        && !method.getName().equals(CONSTRUCTOR)
        && !method.getModifiers().contains(JavaModifier.ABSTRACT)) {
      used.add(owner.getName() + " " + method.getName());
    }
  }

  private static String[] parameters(List<JavaClass> types) {
    return types.stream().map(JavaClass::getName).toArray(String[]::new);
  }

  /** Returns the hash of all methods with that name, in the order of the class file. */
  private static String hash(String type, String name) {
    var text = new StringBuilder();
    var model = read(type);
    if (name.equals(ALL)) {
      model
          .fields()
          .forEach(
              field ->
                  text.append(field.fieldName().stringValue())
                      .append(field.fieldType().stringValue())
                      .append('\n'));
    }
    for (var method : model.methods()) {
      if (name.equals(ALL) || method.methodName().equalsString(name)) {
        text.append(method.methodType().stringValue()).append('\n');
        method
            .code()
            .ifPresent(
                code -> {
                  for (var element : code) {
                    // excludes line numbers, which change with every comment
                    if (element instanceof Instruction instruction) {
                      text.append(instruction).append('\n');
                    }
                  }
                });
      }
    }
    assertThat(text).as("Keycloak no longer has %s.%s", type, name).isNotEmpty();
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, SHOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static ClassModel read(String type) {
    var file = "/" + type.replace('.', '/') + ".class";
    try (var in = StockMethodsTest.class.getResourceAsStream(file)) {
      assertThat(in).as("Keycloak no longer has " + type).isNotNull();
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
