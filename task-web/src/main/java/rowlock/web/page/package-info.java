/* SPDX-License-Identifier: Apache-2.0 */
/** The page itself: files, and who may load what. */
@NullMarked
package rowlock.web.page;

import org.jspecify.annotations.NullMarked;
