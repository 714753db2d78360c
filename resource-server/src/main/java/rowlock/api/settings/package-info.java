/* SPDX-License-Identifier: Apache-2.0 */
/** Settings from the environment, checked before anything starts. */
@NullMarked
package rowlock.api.settings;

import org.jspecify.annotations.NullMarked;
