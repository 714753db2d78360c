/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.apply;

import org.jspecify.annotations.NullMarked;
