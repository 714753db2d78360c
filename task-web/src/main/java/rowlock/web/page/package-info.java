/* SPDX-License-Identifier: Apache-2.0 */
/** The page: its files, their caching, and the page for errors. */
@NullMarked
package rowlock.web.page;

import org.jspecify.annotations.NullMarked;
