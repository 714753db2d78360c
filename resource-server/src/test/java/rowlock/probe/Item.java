/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import java.util.UUID;

/**
 * A row of {@code probe.item} as its owner sees it.
 *
 * @param version 1 when created, one more with each change
 */
public record Item(UUID id, String title, long version) {}
