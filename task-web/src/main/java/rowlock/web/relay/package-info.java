/* SPDX-License-Identifier: Apache-2.0 */
/** Calls of the page, to the API, with the access token of the session and nothing else. */
@NullMarked
package rowlock.web.relay;

import org.jspecify.annotations.NullMarked;
