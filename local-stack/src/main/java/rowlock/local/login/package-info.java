/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A person with a browser: real logins through the real pages of the identity provider, for tests
 * and first steps.
 */
@NullMarked
package rowlock.local.login;

import org.jspecify.annotations.NullMarked;
