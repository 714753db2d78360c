/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.source;

import org.jspecify.annotations.NullMarked;
