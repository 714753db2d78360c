/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A controller method that needs more than a good token: a sign-in that is recent, or strong, or
 * both (RFC 9470). Other requests are challenged with 401 and {@code
 * insufficient_user_authentication}, and a client that understands it sends the user to sign in
 * again.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface StepUp {

  /** Authentication context classes ({@code acr}), any one of which will do; none: all will do. */
  String[] acr() default {};

  /** Seconds since the user has signed in ({@code auth_time}); negative: any time will do. */
  int maxAge() default -1;
}
