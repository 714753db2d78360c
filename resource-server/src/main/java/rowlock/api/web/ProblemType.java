/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import java.util.Locale;

/**
 * The one catalogue of everything that can go wrong, as RFC 9457 problem types. Texts are fixed:
 * nothing of a request, a token or a library ever gets into one. Each has a page under {@code
 * /problems/<code>}.
 */
public enum ProblemType {
  /** The request line, a header or a parameter is not well formed. */
  BAD_REQUEST(
      400,
      "Bad request",
      "The request line, a header or a parameter is not well formed.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"),
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
  /** Nothing is here, or nothing that the caller may know of. */
  NOT_FOUND(
      404,
      "Not found",
      "There is nothing here for you.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5"),
  /** The resource has other methods. */
  METHOD_NOT_ALLOWED(
      405,
      "Method not allowed",
      "The Allow header lists the methods that this resource has.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6"),
  /** No media type in Accept can be made. */
  NOT_ACCEPTABLE(
      406,
      "Not acceptable",
      "This resource is represented as application/json.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.7"),
  /** The request took too long to arrive. */
  REQUEST_TIMEOUT(
      408,
      "Request timeout",
      "The request did not arrive in time.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.9"),
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
  /** The body is larger than this API reads. */
  CONTENT_TOO_LARGE(
      413,
      "Content too large",
      "The request body is larger than 16384 bytes.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.14"),
  /** The address is longer than this API reads. */
  URI_TOO_LONG(
      414,
      "URI too long",
      "The request target is too long.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.15"),
  /** The body is of another media type. */
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "Send the request body as application/json in UTF-8, without a content coding.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.16"),
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
      "https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header#section-2.7"),
  /** Too many requests in a short time. */
  TOO_MANY_REQUESTS(
      429,
      "Too many requests",
      "Too many access tokens from this address were refused. Wait for as long as Retry-After says.",
      "https://www.rfc-editor.org/rfc/rfc6585.html#section-4"),
  /** The header block is larger than this API reads. */
  HEADERS_TOO_LARGE(
      431,
      "Request header fields too large",
      "The headers of the request are larger than this API reads.",
      "https://www.rfc-editor.org/rfc/rfc6585.html#section-5"),
  /** Our fault. */
  INTERNAL_ERROR(
      500,
      "Internal error",
      "The server failed. The failure has been recorded.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.1"),
  /** A method or a transfer coding that this server does not know. */
  NOT_IMPLEMENTED(
      501,
      "Not implemented",
      "The server does not know this method or transfer coding.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.2"),
  /** Something this API needs is away for the moment. */
  SERVICE_UNAVAILABLE(
      503,
      "Service unavailable",
      "The request cannot be served at the moment. Try again after Retry-After.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4"),
  /** Another version of HTTP. */
  HTTP_VERSION_NOT_SUPPORTED(
      505,
      "HTTP version not supported",
      "Use HTTP/1.1.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.6");

  private final int status;
  private final String title;
  private final String detail;
  private final String rfc;

  ProblemType(int status, String title, String detail, String rfc) {
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.rfc = rfc;
  }

  /** The last part of the {@code type} URL, such as {@code not-found}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** A short summary that never changes. */
  public String title() {
    return title;
  }

  /** What a client's developer should know. */
  public String detail() {
    return detail;
  }

  /** The section of the standard behind it. */
  public String rfc() {
    return rfc;
  }

  /**
   * The problem for an HTTP status that something else has chosen. An unlisted 4xx is a bad
   * request, an unlisted 5xx an internal error.
   */
  public static ProblemType ofStatus(int status) {
    for (ProblemType type : values()) {
      if (type.status == status && type != MALFORMED_JSON && type != INVALID_AUTHORIZATION) {
        return type;
      }
    }
    return status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
  }
}
