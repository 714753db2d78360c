/* SPDX-License-Identifier: Apache-2.0 */
/** Settings from the environment, checked before anything starts. */
@NullMarked
package rowlock.web.settings;

import org.jspecify.annotations.NullMarked;
