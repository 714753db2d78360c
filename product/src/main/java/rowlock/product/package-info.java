/* SPDX-License-Identifier: Apache-2.0 */
/**
 * All servers together on this machine: {@code ./mvnw spring-boot:test-run}, and what tests of the
 * whole product start.
 */
@NullMarked
package rowlock.product;

import org.jspecify.annotations.NullMarked;
