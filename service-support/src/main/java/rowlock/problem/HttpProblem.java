/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

/**
 * The problems of HTTP itself, which every service has. A service may replace the detail of one in
 * its {@link ProblemCatalogue}.
 */
public enum HttpProblem implements Problem {
  /** The request line, a header or a parameter is not well formed. */
  BAD_REQUEST(
      400,
      "Bad request",
      "The request line, a header or a parameter is not well formed.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"),
  /** The resource does not exist, or the caller may not know that it does. */
  NOT_FOUND(
      404,
      "Not found",
      "The resource does not exist.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5"),
  /** The resource does not support the method. */
  METHOD_NOT_ALLOWED(
      405,
      "Method not allowed",
      "The Allow header lists the methods that this resource has.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6"),
  /** The resource has no representation in an accepted media type. */
  NOT_ACCEPTABLE(
      406,
      "Not acceptable",
      "The answer does not exist in a media type that the request accepts.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.7"),
  /** The request did not arrive in time. */
  REQUEST_TIMEOUT(
      408,
      "Request timeout",
      "The request did not arrive in time.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.9"),
  /** The request body is larger than the limit. */
  CONTENT_TOO_LARGE(
      413,
      "Content too large",
      "The request body is over the limit.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.14"),
  /** The request target is longer than the limit. */
  URI_TOO_LONG(
      414,
      "URI too long",
      "The request target is too long.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.15"),
  /** The request body has an unsupported media type or content coding. */
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "The request body has a media type or coding that is not understood here.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.16"),
  /** Too many requests of one client address have failed. */
  TOO_MANY_REQUESTS(
      429,
      "Too many requests",
      "Too many requests from this address have failed. Try again after Retry-After.",
      "https://www.rfc-editor.org/rfc/rfc6585.html#section-4"),
  /** The request headers are larger than the limit. */
  HEADERS_TOO_LARGE(
      431,
      "Request header fields too large",
      "The header fields are over the limit.",
      "https://www.rfc-editor.org/rfc/rfc6585.html#section-5"),
  /** The service failed. */
  INTERNAL_ERROR(
      500,
      "Internal error",
      "The server failed. The failure has been recorded.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.1"),
  /** The method or the transfer coding is unknown. */
  NOT_IMPLEMENTED(
      501,
      "Not implemented",
      "The server does not know this method or transfer coding.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.2"),
  /** The service, or another that it needs, is unavailable for the moment. */
  SERVICE_UNAVAILABLE(
      503,
      "Service unavailable",
      "The request cannot be served at the moment. Try again after Retry-After.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4"),
  /** The HTTP version is not supported. */
  HTTP_VERSION_NOT_SUPPORTED(
      505,
      "HTTP version not supported",
      "Use HTTP/1.1.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.6");

  private final ProblemType type;

  HttpProblem(int status, String title, String detail, String rfc) {
    this.type = new ProblemType(status, title, detail, rfc);
  }

  @Override
  public ProblemType type() {
    return type;
  }
}
