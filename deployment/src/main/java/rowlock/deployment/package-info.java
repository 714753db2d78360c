/* SPDX-License-Identifier: Apache-2.0 */
/** Prepares the secrets and the realm before the servers start. */
@NullMarked
package rowlock.deployment;

import org.jspecify.annotations.NullMarked;
