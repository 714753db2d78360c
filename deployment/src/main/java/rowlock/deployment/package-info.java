/* SPDX-License-Identifier: Apache-2.0 */
/** What has to be there before the servers start: their secrets, and the realm. */
@NullMarked
package rowlock.deployment;

import org.jspecify.annotations.NullMarked;
