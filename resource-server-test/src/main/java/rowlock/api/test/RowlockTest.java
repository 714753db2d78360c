/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.ContextCustomizerFactories;

/**
 * Starts the application under test on a free port, with a {@link TestDatabase} of its own and
 * {@link TestIssuer#shared()} as the issuer of its tokens. Both are beans, and so is a {@link
 * RowlockClient}:
 *
 * <pre>{@code
 * @RowlockTest
 * class NoteIT {
 *   @Autowired RowlockClient client;
 *
 *   @Test
 *   void foreignNote_isNotFound() {
 *     OwnerClient ann = client.as(UUID.randomUUID());
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Tests with the same settings share an application and its database. Properties that the test
 * sets override those of this annotation.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextCustomizerFactories(RowlockContextCustomizerFactory.class)
public @interface RowlockTest {
  /**
   * Returns the classes of the application; default: the one with {@code @SpringBootApplication}.
   */
  @AliasFor(annotation = SpringBootTest.class, attribute = "classes")
  Class<?>[] classes() default {};

  /** Returns further settings, such as {@code rowlock.token.cache=false}. */
  @AliasFor(annotation = SpringBootTest.class, attribute = "properties")
  String[] properties() default {};
}
