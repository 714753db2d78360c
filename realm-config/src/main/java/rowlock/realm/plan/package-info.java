/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.plan;

import org.jspecify.annotations.NullMarked;
