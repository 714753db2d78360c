/* SPDX-License-Identifier: Apache-2.0 */
/** Problem catalogue and problem responses (RFC 9457). */
@NullMarked
package rowlock.web.problem;

import org.jspecify.annotations.NullMarked;
