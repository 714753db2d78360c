/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;

/** Checks that JUnit finds the tag of a test with one report and of a test with several. */
class FieldReportTest {
  @Test
  void report_once_hasTheTag() throws NoSuchMethodException {
    assertThat(tags(Marked.class.getDeclaredMethod("once"))).contains("field");
  }

  @Test
  void report_twice_hasTheTag() throws NoSuchMethodException {
    assertThat(tags(Marked.class.getDeclaredMethod("twice"))).contains("field");
  }

  private static List<String> tags(Method method) {
    return AnnotationSupport.findRepeatableAnnotations(method, Tag.class).stream()
        .map(Tag::value)
        .toList();
  }

  private interface Marked {
    @FieldReport("https://example.org/1")
    void once();

    @FieldReport("https://example.org/1")
    @FieldReport("https://example.org/2")
    void twice();
  }
}
