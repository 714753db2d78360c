/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.command;

import org.jspecify.annotations.NullMarked;
