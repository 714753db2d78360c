/* SPDX-License-Identifier: Apache-2.0 */
/** Contains the processes, ports, signals and files of this machine that the servers use. */
@NullMarked
package rowlock.local.system;

import org.jspecify.annotations.NullMarked;
