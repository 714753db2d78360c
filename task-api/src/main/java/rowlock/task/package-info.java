/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The sample domain. This package alone knows what a task is and nothing imports it: delete it, and
 * {@code api.task} in the migrations, to put a domain of your own in its place.
 */
@NullMarked
package rowlock.task;

import org.jspecify.annotations.NullMarked;
