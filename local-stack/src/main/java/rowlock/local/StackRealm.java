/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;

/**
 * The realm that a fresh Keycloak begins with.
 *
 * @param name of the realm
 * @param file ready to import
 * @param sourceHash changes when the source of the realm does; a file that is rendered with other
 *     values for a placeholder may keep it
 */
public record StackRealm(String name, Path file, String sourceHash) {}
