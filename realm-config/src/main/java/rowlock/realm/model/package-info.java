/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.realm.model;

import org.jspecify.annotations.NullMarked;
