/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;

/**
 * Describes the realm that a new Keycloak imports.
 *
 * @param name of the realm
 * @param file ready to import
 * @param sourceHash changes when the source of the realm does; it may stay the same if only values
 *     of placeholders differ
 */
public record StackRealm(String name, Path file, String sourceHash) {}
