/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.local;

import org.jspecify.annotations.NullMarked;
