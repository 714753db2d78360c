/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.Locale;

/**
 * The one catalogue of everything that this server itself refuses; what the API refuses is relayed
 * as it is. Texts are fixed: nothing of a request, a token or a library ever gets into one.
 */
public enum ProblemType {
  /** The request line, a header or a parameter is not well formed. */
  BAD_REQUEST(
      400,
      "Bad request",
      "The request line, a header or a parameter is not well formed.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.1"),
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
  /** There is nothing at this address. */
  NOT_FOUND(
      404,
      "Not found",
      "There is nothing here.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5"),
  /** Another method than the address knows. */
  METHOD_NOT_ALLOWED(
      405,
      "Method not allowed",
      "This address does not know this method.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.6"),
  /** No such media type. */
  NOT_ACCEPTABLE(
      406,
      "Not acceptable",
      "The answer does not exist in a media type that the request accepts.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.7"),
  /** The body did not come in time. */
  REQUEST_TIMEOUT(
      408,
      "Request timeout",
      "The request did not arrive in time.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.9"),
  /** A body over the limit. */
  CONTENT_TOO_LARGE(
      413,
      "Content too large",
      "The request body is over the limit.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.14"),
  /** A target over the limit. */
  URI_TOO_LONG(
      414,
      "URI too long",
      "Path and query together are over the limit.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.15"),
  /** A body that is not understood. */
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "The request body has a media type or coding that is not understood here.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.16"),
  /** Too many requests of this client address have failed. */
  TOO_MANY_REQUESTS(
      429,
      "Too many requests",
      "Too many requests from this address have failed. Try again after Retry-After; a session goes on meanwhile.",
      "https://www.rfc-editor.org/rfc/rfc6585.html#section-4"),
  /** Headers over the limit. */
  HEADERS_TOO_LARGE(
      431,
      "Request header fields too large",
      "The header fields are over the limit.",
      "https://www.rfc-editor.org/rfc/rfc6585.html#section-5"),
  /** Our fault. */
  INTERNAL_ERROR(
      500,
      "Internal error",
      "Something is wrong on this side. It has been logged.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.1"),
  /** An unknown method or coding. */
  NOT_IMPLEMENTED(
      501,
      "Not implemented",
      "The server does not know this method or transfer coding.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.2"),
  /** The API answered nonsense or broke off. */
  API_ANSWER_UNREADABLE(
      502,
      "Bad gateway",
      "The API broke off or gave an answer that cannot be relayed. A change may have been made or not: look before you repeat it.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.3"),
  /** The sessions or the sign-in service are away for the moment. */
  SERVICE_UNAVAILABLE(
      503,
      "Service unavailable",
      "Something that this server needs is away for the moment. Nothing was done; try again after Retry-After.",
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.4"),
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
      "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.5"),
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

  /** The problem for an HTTP status that something else has chosen. */
  public static ProblemType ofStatus(int status) {
    for (ProblemType type : values()) {
      if (type.status == status) {
        return type;
      }
    }
    return status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
  }
}
