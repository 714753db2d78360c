/* SPDX-License-Identifier: Apache-2.0 */
/** Login, and the checks that only this server's page sends requests. */
@NullMarked
package rowlock.web.login;

import org.jspecify.annotations.NullMarked;
