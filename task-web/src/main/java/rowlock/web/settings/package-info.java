/* SPDX-License-Identifier: Apache-2.0 */
/** Settings from environment variables, validated at the start. */
@NullMarked
package rowlock.web.settings;

import org.jspecify.annotations.NullMarked;
