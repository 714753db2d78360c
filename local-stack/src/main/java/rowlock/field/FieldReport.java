/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.field;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Names the public report that a test is derived from: the test fails if the product has the
 * reported fault. Each report has a row in {@code docs/field-reports.md}, which a test checks. The
 * tests have the tag {@code field}; {@code -Dgroups=field} runs them alone.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(FieldReports.class)
@Tag("field")
public @interface FieldReport {
  /** Returns the address of the report, as it is in the row. */
  String value();
}
