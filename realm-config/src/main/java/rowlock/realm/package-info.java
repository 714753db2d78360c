/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm;

import org.jspecify.annotations.NullMarked;
