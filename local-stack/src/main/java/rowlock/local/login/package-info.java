/* SPDX-License-Identifier: Apache-2.0 */
/** Signs users in through the real pages of the identity provider, for tests and first steps. */
@NullMarked
package rowlock.local.login;

import org.jspecify.annotations.NullMarked;
