/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.server;

import org.jspecify.annotations.NullMarked;
