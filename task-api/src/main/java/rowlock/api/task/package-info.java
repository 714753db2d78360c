/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.api.task;

import org.jspecify.annotations.NullMarked;
