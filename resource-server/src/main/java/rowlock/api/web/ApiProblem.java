/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.util.List;
import java.util.Map;
import rowlock.problem.HttpProblem;
import rowlock.problem.Problem;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemType;

/**
 * The problem types of an API (RFC 9457), in addition to those of HTTP in {@link HttpProblem}.
 * Texts are fixed: they never contain parts of a request, a token or a library message. Each has a
 * page at {@code /problems/<code>}.
 */
public enum ApiProblem implements Problem {
  /** The body is not a JSON text. */
  MALFORMED_JSON(
      400,
      "Malformed JSON",
      "The request body is not one strict JSON text in UTF-8: unique member names, limited nesting,"
          + " nothing after it.",
      "https://www.rfc-editor.org/rfc/rfc8259.html#section-2"),
  /** The credentials do not conform to RFC 6750. */
  INVALID_AUTHORIZATION(
      400,
      "Invalid Authorization header",
      "Send exactly one Authorization header: the scheme Bearer or DPoP, one space, the token.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1"),
  /** No credentials were sent. */
  AUTHENTICATION_REQUIRED(
      401,
      "Authentication required",
      "This resource requires an access token in the Authorization header.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3"),
  /** The access token is invalid. Only the security log contains the reason. */
  INVALID_TOKEN(
      401,
      "Invalid access token",
      "The access token is malformed, expired, revoked or not meant for this API.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1"),
  /** The token is valid, but the authentication is too old or too weak. */
  INSUFFICIENT_USER_AUTHENTICATION(
      401,
      "Insufficient user authentication",
      "This operation needs a more recent or a stronger sign-in: ask for a token with the acr_values"
          + " and max_age of the challenge.",
      "https://www.rfc-editor.org/rfc/rfc9470.html#section-3"),
  /** The token may be valid, but its proof is not. */
  INVALID_DPOP_PROOF(
      401,
      "Invalid DPoP proof",
      "Send exactly one DPoP header with a fresh proof for this request, this access token and its"
          + " key.",
      "https://www.rfc-editor.org/rfc/rfc9449.html#section-7.1"),
  /** The token is valid, but lacks a scope. */
  INSUFFICIENT_SCOPE(
      403,
      "Insufficient scope",
      "The access token does not carry the right that this request needs.",
      "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1"),
  /** A script of a configured origin may not send this request. */
  CROSS_ORIGIN(
      403,
      "Cross-origin request refused",
      "Scripts of another origin may not use this method or header.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4"),
  /** The request conflicts with the state of the resource. */
  CONFLICT(
      409,
      "Conflict",
      "The request conflicts with the state of the resource.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.10"),
  /** The account has reached the limit of resources of this kind. */
  LIMIT_REACHED(
      409,
      "Limit reached",
      "The account has reached the limit for resources of this kind. Delete some first.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.10"),
  /** A precondition header was not met. */
  PRECONDITION_FAILED(
      412,
      "Precondition failed",
      "The resource has changed since the version that the request names.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.13"),
  /** An expectation other than 100-continue. */
  EXPECTATION_FAILED(
      417,
      "Expectation failed",
      "The only supported expectation is 100-continue.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.18"),
  /** The JSON is well formed, but its content is invalid. */
  INVALID_CONTENT(
      422,
      "Invalid content",
      "The members listed in errors are invalid.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.21"),
  /** An idempotency key was sent before with other content. */
  IDEMPOTENCY_KEY_REUSED(
      422,
      "Idempotency key reused",
      "This Idempotency-Key was sent before with other content. Send new content with a new key.",
      "https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header#section-2.7");

  private final ProblemType type;

  ApiProblem(int status, String title, String detail, String rfc) {
    this.type = new ProblemType(status, title, detail, rfc);
  }

  /** Returns these problems together with those of HTTP, with the details of this API. */
  public static ProblemCatalogue catalogue() {
    return new ProblemCatalogue(
        List.of(values()),
        Map.of(
            HttpProblem.NOT_FOUND,
            "The resource does not exist or is not accessible.",
            HttpProblem.NOT_ACCEPTABLE,
            "This resource is represented as application/json.",
            HttpProblem.CONTENT_TOO_LARGE,
            "The request body is larger than 16384 bytes.",
            HttpProblem.UNSUPPORTED_MEDIA_TYPE,
            "Send the request body as application/json in UTF-8, without a content coding.",
            HttpProblem.TOO_MANY_REQUESTS,
            "Too many access tokens from this address were refused. Try again after"
                + " Retry-After.",
            HttpProblem.HEADERS_TOO_LARGE,
            "The request headers exceed the limit."));
  }

  /** Creates {@link #INSUFFICIENT_SCOPE}, with the scope in the challenge and in the body. */
  public static ProblemException insufficientScope(String scope) {
    return ProblemException.challenge(
        INSUFFICIENT_SCOPE, Map.of("scope", scope), Map.of("scope", scope));
  }

  @Override
  public ProblemType type() {
    return type;
  }
}
