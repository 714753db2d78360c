/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

/**
 * Answer to a request that cannot be processed.
 *
 * @param status HTTP status
 * @param error OAuth error code (RFC 6749 §5.2, RFC 6750 §3.1)
 * @param description fixed text that quotes nothing of the request
 */
record Rejection(int status, String error, String description) {
  private static final String INVALID_REQUEST = "invalid_request";

  static Rejection badRequest(String description) {
    return new Rejection(400, INVALID_REQUEST, description);
  }

  static Rejection unsupportedMediaType(String description) {
    return new Rejection(415, INVALID_REQUEST, description);
  }

  static Rejection invalidToken() {
    return new Rejection(401, "invalid_token", "The token is malformed.");
  }

  static Rejection of(int status) {
    return switch (status) {
      case 408 -> new Rejection(408, INVALID_REQUEST, "The request body did not arrive in time.");
      case 413 -> new Rejection(413, INVALID_REQUEST, "The request body is too large.");
      case 503 ->
          new Rejection(503, "temporarily_unavailable", "Too many requests are being received.");
      default -> badRequest("The request body is malformed.");
    };
  }

  String json() {
    return "{\"error\":\"%s\",\"error_description\":\"%s\"}".formatted(error, description);
  }
}
