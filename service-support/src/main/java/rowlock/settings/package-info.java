/* SPDX-License-Identifier: Apache-2.0 */
/** How a service reads its settings, and how it refuses to start with a wrong one. */
@NullMarked
package rowlock.settings;

import org.jspecify.annotations.NullMarked;
