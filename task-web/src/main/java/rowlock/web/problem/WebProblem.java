/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.List;
import java.util.Map;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemType;

/**
 * The problems that this server itself answers with; what the API refuses is relayed as it is.
 * Those of HTTP itself are in {@link HttpProblem}. Texts are fixed: nothing of a request, a token
 * or a library ever gets into one.
 */
public enum WebProblem implements Problem {
  /** There is no session any more, or never was one. */
  SIGN_IN_REQUIRED(
      401,
      "Sign-in required",
      "There is no session, or it has ended: the member reason says why. Sign in again.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2"),
  /** A request that only the page of this server may make. */
  CROSS_SITE(
      403,
      "Cross-site request",
      "The request was made by another site, or without the token of this session in the header X-CSRF-Token.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"),
  /** The API rejects the access tokens that the issuer issues for this session. */
  ACCESS_TOKEN_REJECTED(
      403,
      "Access token rejected",
      "The session is valid, but the API rejects its access tokens, also a new one. Nothing was done. The operator's log names the cause.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"),
  /** The API answered nonsense or broke off. */
  API_ANSWER_UNREADABLE(
      502,
      "Bad gateway",
      "The API broke off or gave an answer that cannot be relayed. A change may have been made or not: look before you repeat it.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.3"),
  /** No connection to the API. */
  API_UNREACHABLE(
      503,
      "API unreachable",
      "The API cannot be reached at the moment. Nothing was done; try again after Retry-After.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4"),
  /** The API took too long. */
  API_TIMEOUT(
      504,
      "Gateway timeout",
      "The API did not answer in time. A change may have been made or not: look before you repeat it.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.5");

  private final ProblemType type;

  WebProblem(int status, String title, String detail, String rfc) {
    this.type = new ProblemType(status, title, detail, rfc);
  }

  /** Returns these problems together with those of HTTP, in the words of this service. */
  public static ProblemCatalogue catalogue() {
    return new ProblemCatalogue(
        List.of(values()),
        Map.of(
            HttpProblem.METHOD_NOT_ALLOWED,
            "This address does not know this method.",
            HttpProblem.URI_TOO_LONG,
            "Path and query together are over the limit.",
            HttpProblem.TOO_MANY_REQUESTS,
            "Too many requests from this address have failed. Try again after Retry-After; a"
                + " session goes on meanwhile.",
            HttpProblem.INTERNAL_ERROR,
            "Something is wrong on this side. It has been logged.",
            HttpProblem.SERVICE_UNAVAILABLE,
            "Something that this server needs is away for the moment. Nothing was done; try"
                + " again after Retry-After."));
  }

  @Override
  public ProblemType type() {
    return type;
  }
}
