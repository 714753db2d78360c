/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.scope;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Requires a scope of the access token for the requests of a controller or of one of its methods:
 * {@link #read} for GET and HEAD, {@link #write} for all other requests. A token without the scope
 * is answered 403 with {@code insufficient_scope} and the name of the scope (RFC 6750 §3.1).
 *
 * <p>A request whose token lacks {@link #write} is read-only in the database as well: its
 * statements run in READ ONLY transactions, on whichever thread, so that a query that writes by
 * mistake fails.
 *
 * <p>The annotation of a method replaces that of its class. It may be a meta-annotation, so that
 * the controllers of an application share one that names their scopes.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RequiredScope {
  /** The scope of requests that read. */
  String read();

  /** The scope of requests that write; it may be the same as {@link #read}. */
  String write();

  /**
   * Whether requests of all HTTP methods only read (RFC 9110 §9.2.1) and require {@link #read},
   * such as a search that is sent with POST.
   */
  boolean safe() default false;
}
