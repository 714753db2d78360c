/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.field;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Contains the reports of a test that is derived from several. The compiler adds it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Tag("field")
public @interface FieldReports {
  /** Returns the reports in the order of the source. */
  FieldReport[] value();
}
