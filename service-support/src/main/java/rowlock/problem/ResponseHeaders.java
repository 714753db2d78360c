/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Adds the headers that all responses of a service have. */
@FunctionalInterface
public interface ResponseHeaders {

  /**
   * @param request as far as it was read, which may be its first line only
   */
  void addTo(HttpServletRequest request, HttpServletResponse response);
}
