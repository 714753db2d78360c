/* SPDX-License-Identifier: Apache-2.0 */
/** Ending sessions: from the page, and from the issuer. */
@NullMarked
package rowlock.web.logout;

import org.jspecify.annotations.NullMarked;
