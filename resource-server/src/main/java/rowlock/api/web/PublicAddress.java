/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;
import rowlock.api.settings.ServerSettings;

/**
 * Builds the addresses in response headers from the configured public URL, whose path a proxy may
 * have removed from the request.
 */
@Component
public final class PublicAddress {
  private final String prefix;

  PublicAddress(ServerSettings settings) {
    this.prefix = settings.publicUrl().getRawPath();
  }

  /**
   * Returns the path of a request as clients see it: the path of {@code ROWLOCK_PUBLIC_URL}
   * followed by the path of the request. It is a relative reference (RFC 3986 §4.2) without a host.
   */
  public String of(HttpServletRequest request) {
    return prefix + request.getRequestURI();
  }
}
