/* SPDX-License-Identifier: Apache-2.0 */
/** Sessions in the database with sealed tokens, and their coordinated refresh. */
@NullMarked
package rowlock.web.session;

import org.jspecify.annotations.NullMarked;
