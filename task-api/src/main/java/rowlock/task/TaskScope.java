/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import rowlock.api.scope.RequiredScope;

/** Requires {@code tasks.read} for requests that read, and {@code tasks.write} for all others. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@RequiredScope(read = "tasks.read", write = "tasks.write")
@interface TaskScope {}
