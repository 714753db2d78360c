/* SPDX-License-Identifier: Apache-2.0 */
/** Settings from the environment, validated at start-up. */
@NullMarked
package rowlock.api.settings;

import org.jspecify.annotations.NullMarked;
