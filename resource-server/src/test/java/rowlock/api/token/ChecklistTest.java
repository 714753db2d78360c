/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.JsonNode;

/** Each rule of the checklist in attacks.json is covered by an attack of the table or by a test. */
class ChecklistTest {
  private static final JsonNode TABLE = AttackTableIT.table();

  /** The number of attacks, which may only grow. */
  private static final int ATTACKS = 360;

  @Test
  void theChecklistHas27Rows() {
    assertThat(TABLE.get("checklist").valueStream().map(rule -> rule.get("row").intValue()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 27).boxed().toList());
  }

  @Test
  void everyRow_hasAnAttackOrATest() throws ReflectiveOperationException {
    for (var rule : TABLE.get("checklist")) {
      var row = rule.get("row").intValue();
      var attacks =
          attacks()
              .filter(attack -> attack.get("row").intValue() == row)
              .filter(attack -> attack.get("expect").get("status").intValue() >= 400)
              .count();
      var tests = rule.path("tests").valueStream().map(JsonNode::asString).toList();
      assertThat(attacks + tests.size()).as("row " + row).isPositive();
      for (var test : tests) {
        assertThat(testsOf(test)).as(test).isNotEmpty();
      }
    }
  }

  @Test
  void everyAttack_hasUniqueNameRowAndSection() {
    Set<String> names = new HashSet<>();
    attacks()
        .forEach(
            attack -> {
              assertThat(names.add(attack.get("name").asString())).as(attack.toString()).isTrue();
              assertThat(attack.get("row").intValue()).isBetween(0, 27);
              assertThat(attack.get("section").asString()).isNotBlank();
            });
    assertThat(names).hasSizeGreaterThanOrEqualTo(ATTACKS);
  }

  private static Stream<JsonNode> attacks() {
    return TABLE.get("attacks").valueStream();
  }

  /** The test methods of {@code package.Class} or {@code package.Class#method}. */
  private static List<Method> testsOf(String name) throws ReflectiveOperationException {
    var parts = name.split("#");
    return Arrays.stream(Class.forName(parts[0]).getDeclaredMethods())
        .filter(method -> parts.length == 1 || method.getName().equals(parts[1]))
        .filter(
            method ->
                Stream.of(
                        Test.class, ParameterizedTest.class, RepeatedTest.class, TestFactory.class)
                    .anyMatch(method::isAnnotationPresent))
        .toList();
  }
}
