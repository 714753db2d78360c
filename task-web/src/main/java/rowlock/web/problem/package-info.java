/* SPDX-License-Identifier: Apache-2.0 */
/** One catalogue for every error (RFC 9457). */
@NullMarked
package rowlock.web.problem;

import org.jspecify.annotations.NullMarked;
