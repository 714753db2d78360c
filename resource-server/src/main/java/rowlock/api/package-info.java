/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.api;

import org.jspecify.annotations.NullMarked;
