/* SPDX-License-Identifier: Apache-2.0 */
/** The whole product on this machine: {@code ./mvnw spring-boot:test-run}. */
@NullMarked
package rowlock.api.local;

import org.jspecify.annotations.NullMarked;
