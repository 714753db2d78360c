/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.util.List;
import java.util.Map;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemType;

/**
 * The problems of an API, as RFC 9457 problem types; those of HTTP itself are in {@link
 * HttpProblem}. Texts are fixed: nothing of a request, a token or a library ever gets into one.
 * Each has a page under {@code /problems/<code>}.
 */
public enum ApiProblem implements Problem {
  /** The body is no JSON text. */
  MALFORMED_JSON(
      400,
      "Malformed JSON",
      "The request body is not one strict JSON text in UTF-8: unique member names, limited nesting,"
          + " nothing after it.",
      "https://www.rfc-editor.org/rfc/rfc8259.html#section-2"),
  /** The credentials were not sent as RFC 6750 asks. */
  INVALID_AUTHORIZATION(
      400,
      "Invalid Authorization header",
      "Send exactly one Authorization header: the scheme Bearer or DPoP, one space, the token.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1"),
  /** No credentials were sent. */
  AUTHENTICATION_REQUIRED(
      401,
      "Authentication required",
      "This address needs an access token in the Authorization header.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3"),
  /** The access token is not good. Why is said to the operator only. */
  INVALID_TOKEN(
      401,
      "Invalid access token",
      "The access token is malformed, expired, revoked or not meant for this API.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1"),
  /** The token is good, but the sign-in behind it too long ago or too weak. */
  INSUFFICIENT_USER_AUTHENTICATION(
      401,
      "Insufficient user authentication",
      "This operation needs a more recent or a stronger sign-in: ask for a token with the acr_values"
          + " and max_age of the challenge.",
      "https://www.rfc-editor.org/rfc/rfc9470.html#section-3"),
  /** The token may be good, but the proof that goes with it is not. */
  INVALID_DPOP_PROOF(
      401,
      "Invalid DPoP proof",
      "Send exactly one DPoP header with a fresh proof for this request, this access token and its"
          + " key.",
      "https://www.rfc-editor.org/rfc/rfc9449.html#section-7.1"),
  /** The token is good, but not good enough. */
  INSUFFICIENT_SCOPE(
      403,
      "Insufficient scope",
      "The access token does not carry the right that this request needs.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1"),
  /** A script of a named origin may not do this. */
  CROSS_ORIGIN(
      403,
      "Cross-origin request refused",
      "A script of another site may not use this method or this header here.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"),
  /** The state of the resource is against it. */
  CONFLICT(
      409,
      "Conflict",
      "The request conflicts with the state of the resource.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.10"),
  /** There are as many of these as one account may have. */
  LIMIT_REACHED(
      409,
      "Limit reached",
      "You have as many of these as one account may have. Delete some first.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.10"),
  /** A precondition header did not hold. */
  PRECONDITION_FAILED(
      412,
      "Precondition failed",
      "The resource has changed since the version that the request names.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.13"),
  /** An expectation other than 100-continue. */
  EXPECTATION_FAILED(
      417,
      "Expectation failed",
      "The only expectation that can be met is 100-continue.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.18"),
  /** The JSON is well formed, but not what the operation takes. */
  INVALID_CONTENT(
      422,
      "Invalid content",
      "The members that errors points to cannot be accepted.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.21"),
  /** An idempotency key was sent before, with other content. */
  IDEMPOTENCY_KEY_REUSED(
      422,
      "Idempotency key reused",
      "This Idempotency-Key was sent before with other content. Send new content with a new key.",
      "https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header#section-2.7");

  private final ProblemType type;

  ApiProblem(int status, String title, String detail, String rfc) {
    this.type = new ProblemType(status, title, detail, rfc);
  }

  /** Returns these problems together with those of HTTP, in the words of this service. */
  public static ProblemCatalogue catalogue() {
    return new ProblemCatalogue(
        List.of(values()),
        Map.of(
            HttpProblem.NOT_FOUND,
            "There is nothing here for you.",
            HttpProblem.NOT_ACCEPTABLE,
            "This resource is represented as application/json.",
            HttpProblem.CONTENT_TOO_LARGE,
            "The request body is larger than 16384 bytes.",
            HttpProblem.UNSUPPORTED_MEDIA_TYPE,
            "Send the request body as application/json in UTF-8, without a content coding.",
            HttpProblem.TOO_MANY_REQUESTS,
            "Too many access tokens from this address were refused. Wait for as long as"
                + " Retry-After says.",
            HttpProblem.HEADERS_TOO_LARGE,
            "The headers of the request are larger than this API reads."));
  }

  @Override
  public ProblemType type() {
    return type;
  }
}
