/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Adds the headers that all responses of a service have. */
@FunctionalInterface
public interface ResponseHeaders {
  /**
   * @param request the request, which may have been read only in part
   */
  void addTo(HttpServletRequest request, HttpServletResponse response);
}
