/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.List;

/**
 * Addresses that take no access token: because a stranger may read what is there, or because what
 * is sent there proves itself. Every bean of this type counts.
 *
 * @param patterns path patterns
 */
public record PublicPaths(List<String> patterns) {

  /** Keeps a copy. */
  public PublicPaths {
    patterns = List.copyOf(patterns);
  }
}
