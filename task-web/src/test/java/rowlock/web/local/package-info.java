/* SPDX-License-Identifier: Apache-2.0 */
/** The whole product on this machine: {@code ./mvnw spring-boot:test-run}. */
@NullMarked
package rowlock.web.local;

import org.jspecify.annotations.NullMarked;
