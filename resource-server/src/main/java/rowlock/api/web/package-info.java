/* SPDX-License-Identifier: Apache-2.0 */
/** HTTP: the problem catalogue for every error, limits, and headers. */
@NullMarked
package rowlock.api.web;

import org.jspecify.annotations.NullMarked;
