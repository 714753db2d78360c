/* SPDX-License-Identifier: Apache-2.0 */
/** The HTTP face: one problem catalogue for every error, limits, headers. */
@NullMarked
package rowlock.api.web;

import org.jspecify.annotations.NullMarked;
