/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.token;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** The credentials of a request as they came: nothing of it has been checked. */
final class PresentedToken extends AbstractAuthenticationToken {

  private static final long serialVersionUID = 1L;

  /** How the token was presented: the scheme of the Authorization header. */
  enum Scheme {
    /** Whoever holds the token may use it (RFC 6750). */
    BEARER,
    /** Only who holds the key that the token is bound to may use it (RFC 9449). */
    DPOP
  }

  private final Scheme scheme;
  private final String token;
  private final transient RequestFacts request;

  /**
   * What of the request the credentials are held against.
   *
   * @param clientAddress network address of the client
   * @param method HTTP method, as sent
   * @param path path of the request target, as sent, without the query
   * @param proofs the lines of the DPoP header (RFC 9449 section 4.1); empty for other schemes
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

  /** Nobody yet. */
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

  /** Without the token. */
  @Override
  public String toString() {
    return "PresentedToken[" + scheme + "]";
  }
}
