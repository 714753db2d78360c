/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.List;
import java.util.Map;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemType;

/**
 * Problems that this server itself reports, in addition to {@link HttpProblem}. Problems of the API
 * are relayed unchanged. Texts are fixed: they never contain a part of a request, a token or a
 * library message.
 */
public enum WebProblem implements Problem {
  /** The request has no session, or its session has ended. */
  SIGN_IN_REQUIRED(
      401,
      "Sign-in required",
      "There is no session, or it has ended: the member reason says why. Sign in again.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2"),
  /** The request may only be sent by the page of this server. */
  CROSS_SITE(
      403,
      "Cross-site request",
      "The request was made by another site, or without the token of this session in the header X-CSRF-Token.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"),
  /** The API rejects the access tokens that the issuer issues for this session. */
  ACCESS_TOKEN_REJECTED(
      403,
      "Access token rejected",
      "The session is valid, but the API rejects its access tokens, also a new one. The request was not processed. The server's log names the cause.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"),
  /** The API sent an invalid or incomplete response. */
  API_ANSWER_UNREADABLE(
      502,
      "Bad gateway",
      "The API sent an invalid or incomplete response. A change may or may not have been made: check before you repeat the request.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.3"),
  /** The API is unreachable. */
  API_UNREACHABLE(
      503,
      "API unreachable",
      "The API is unreachable. The request was not processed; try again after Retry-After.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4"),
  /** The API did not answer in time. */
  API_TIMEOUT(
      504,
      "Gateway timeout",
      "The API did not answer in time. A change may or may not have been made: check before you repeat the request.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.5");

  private final ProblemType type;

  WebProblem(int status, String title, String detail, String rfc) {
    this.type = new ProblemType(status, title, detail, rfc);
  }

  /**
   * Returns the catalogue of these problems and those of HTTP, with the details of this service.
   */
  public static ProblemCatalogue catalogue() {
    return new ProblemCatalogue(
        List.of(values()),
        Map.of(
            HttpProblem.METHOD_NOT_ALLOWED,
            "This address does not support the method.",
            HttpProblem.URI_TOO_LONG,
            "Path and query together exceed the length limit.",
            HttpProblem.TOO_MANY_REQUESTS,
            "Too many requests from this address have failed. Try again after Retry-After;"
                + " sessions continue.",
            HttpProblem.INTERNAL_ERROR,
            "An internal error occurred. It has been logged.",
            HttpProblem.SERVICE_UNAVAILABLE,
            "A service that this server needs is unavailable. The request was not processed; try"
                + " again after Retry-After."));
  }

  @Override
  public ProblemType type() {
    return type;
  }
}
