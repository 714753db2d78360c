/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.verify;

import org.jspecify.annotations.NullMarked;
