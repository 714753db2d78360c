/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Requires a recent or strong authentication, or both, for a controller method (RFC 9470). Other
 * requests are answered 401 with {@code insufficient_user_authentication}, and a client that
 * supports it sends the user to sign in again.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface StepUp {
  /** Accepted authentication context classes ({@code acr}); empty: any. */
  String[] acr() default {};

  /** Maximum number of seconds since the authentication ({@code auth_time}); negative: no limit. */
  int maxAge() default -1;
}
