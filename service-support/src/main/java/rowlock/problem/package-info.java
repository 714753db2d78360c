/* SPDX-License-Identifier: Apache-2.0 */
/** Error responses as problems (RFC 9457): the catalogue, and the classes that write a problem. */
@NullMarked
package rowlock.problem;

import org.jspecify.annotations.NullMarked;
