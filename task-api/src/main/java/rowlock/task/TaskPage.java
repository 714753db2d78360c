/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, newest first.
 *
 * @param nextCursor the {@code cursor} of the next page; null on the last page
 */
@Schema(requiredProperties = {"items", "nextCursor"})
record TaskPage(List<Task> items, @Schema(nullable = true) @Nullable String nextCursor) {}
