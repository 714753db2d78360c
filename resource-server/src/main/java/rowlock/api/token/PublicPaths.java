/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.List;

/**
 * Paths that need no access token, because they are public or their requests are signed. All beans
 * of this type are combined.
 *
 * @param patterns path patterns
 */
public record PublicPaths(List<String> patterns) {

  /** Copies the list. */
  public PublicPaths {
    patterns = List.copyOf(patterns);
  }
}
