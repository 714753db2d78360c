/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rowlock.local.keycloak.KeycloakServer;

/**
 * Describes the realm that a new Keycloak imports.
 *
 * @param name of the realm
 * @param file ready to import
 * @param sourceHash changes when the source of the realm does; it may stay the same if only values
 *     of placeholders differ
 * @param update applies the source to a realm that was imported before; null if nothing can
 */
public record StackRealm(String name, Path file, String sourceHash, @Nullable Update update) {

  /** Applies the source of a realm to a running server. */
  @FunctionalInterface
  public interface Update {
    /**
     * Makes the realm equal to its source.
     *
     * @throws RuntimeException with the reason as its message, if a part of it fails
     */
    void applyTo(KeycloakServer server);
  }

  /** Describes a realm that only an import can set. */
  public StackRealm(String name, Path file, String sourceHash) {
    this(name, file, sourceHash, null);
  }
}
