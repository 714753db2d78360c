/* SPDX-License-Identifier: Apache-2.0 */
/** Error responses as problems (RFC 9457): the catalogue, and what writes a problem of it. */
@NullMarked
package rowlock.problem;

import org.jspecify.annotations.NullMarked;
