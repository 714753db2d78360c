/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a list, newest first; {@code nextCursor} is null on the last one. */
public record ItemPage(List<Item> items, @Nullable String nextCursor) {}
