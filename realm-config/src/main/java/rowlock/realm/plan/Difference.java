/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.plan;

import org.jspecify.annotations.Nullable;
import rowlock.realm.source.Origin;

/**
 * Describes one declared field that differs. Values are texts for people; secret values are
 * replaced.
 *
 * @param path of the field within its object
 * @param server its value on the server; null if the server has none
 * @param declared its value in the source; null if the source has none, so that it is removed
 * @param origin in the source; null if the source does not contain the field
 */
public record Difference(
    String path, @Nullable String server, @Nullable String declared, @Nullable Origin origin) {}
