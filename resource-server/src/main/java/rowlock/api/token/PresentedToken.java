/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** The unverified credentials of a request. */
final class PresentedToken extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  /** The scheme of the Authorization header. */
  enum Scheme {
    /** A bearer token, usable by its holder (RFC 6750). */
    BEARER,
    /** A token that is usable only with a proof of its key (RFC 9449). */
    DPOP
  }

  private final Scheme scheme;
  private final String token;
  private final transient RequestFacts request;

  /**
   * The parts of the request that the credentials are checked against.
   *
   * @param clientAddress network address of the client
   * @param method HTTP method, as sent
   * @param path path of the request target, as sent, without the query
   * @param proofs the lines of the DPoP header (RFC 9449 §4.1); empty for other schemes
   */
  record RequestFacts(
      @Nullable String clientAddress, String method, String path, List<String> proofs) {}

  PresentedToken(Scheme scheme, String token, RequestFacts request) {
    super(List.of());
    this.scheme = scheme;
    this.token = token;
    this.request = request;
  }

  Scheme scheme() {
    return scheme;
  }

  String token() {
    return token;
  }

  RequestFacts request() {
    return request;
  }

  @Override
  public Object getCredentials() {
    return token;
  }

  /** Returns an empty text, because the token is not verified. */
  @Override
  public Object getPrincipal() {
    return "";
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // two requests are never the same
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme, token);
  }

  /** Omits the token. */
  @Override
  public String toString() {
    return "PresentedToken[" + scheme + "]";
  }
}
