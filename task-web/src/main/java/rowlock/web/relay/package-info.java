/* SPDX-License-Identifier: Apache-2.0 */
/** Relays requests of the page to the API with the access token of the session. */
@NullMarked
package rowlock.web.relay;

import org.jspecify.annotations.NullMarked;
