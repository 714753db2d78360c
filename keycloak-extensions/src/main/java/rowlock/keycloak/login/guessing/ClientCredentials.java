/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.representations.JsonWebToken;
import org.keycloak.util.BasicAuthHelper;
import rowlock.keycloak.login.guessing.FormBody.UnacceptableFormException;

/**
 * The client that a request names, and whether the request contains a guessable credential. Parsed
 * by the server's own parsers of {@code Authorization} and of client assertions.
 *
 * @param clientIds every client that the request names; the server takes one of them
 * @param hasSecret whether there is a client secret or an assertion signed with one
 * @param hasPassword whether there is a user's password
 */
record ClientCredentials(Set<String> clientIds, boolean hasSecret, boolean hasPassword) {
  /** Prefix of the algorithms with a shared secret (RFC 7518 §3.2). */
  private static final String SYMMETRIC = "HS";

  private static final int BAD_REQUEST = 400;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;

  static ClientCredentials read(ContainerRequestContext request, RealmPath path)
      throws IOException, UnacceptableFormException {
    var basic = basic(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    if (!path.takesClientForms()) {
      return path.takesPasswordInHeader()
          ? new ClientCredentials(Set.of(), false, basic != null)
          : new ClientCredentials(
              basic == null ? Set.of() : Set.of(basic[0]), basic != null, false);
    }
    var type = request.getMediaType();
    if (type != null && type.getType().equalsIgnoreCase("multipart")) {
      // the server would take an assertion from it
      throw new UnacceptableFormException(UNSUPPORTED_MEDIA_TYPE, "Not a multipart form.");
    }
    var form = FormBody.read(request);
    var assertion = Assertion.read(form.first(OAuth2Constants.CLIENT_ASSERTION));
    var hasSecret =
        basic != null
            || form.has(OAuth2Constants.CLIENT_SECRET)
            || (assertion != null && assertion.isSignedWithSecret());
    var ids = new LinkedHashSet<String>();
    if (hasSecret || !path.isLogout() || form.has(OAuth2Constants.REFRESH_TOKEN)) {
      var id = form.first(OAuth2Constants.CLIENT_ID);
      if (id != null) {
        ids.add(id);
      }
      if (basic != null) {
        ids.add(basic[0]);
      }
      if (assertion != null && assertion.client() != null) {
        ids.add(assertion.client());
      }
    }
    return new ClientCredentials(ids, hasSecret, form.has(OAuth2Constants.PASSWORD));
  }

  /** Returns the clients whose secret the request tries. */
  Set<String> secretOf() {
    return hasSecret ? clientIds : Set.of();
  }

  /** Returns id and secret, or null if there are none. */
  private static String @Nullable [] basic(@Nullable String header)
      throws UnacceptableFormException {
    if (header == null) {
      return null;
    }
    try {
      return BasicAuthHelper.RFC6749.parseHeader(header);
    } catch (IllegalArgumentException e) {
      // RFC 6749 §2.3.1: both parts are form-encoded
      throw new UnacceptableFormException(BAD_REQUEST, "The credentials are not form-encoded.");
    }
  }

  /**
   * A client assertion (RFC 7523 §2.2).
   *
   * @param algorithm of its signature
   * @param client its subject; null if it has none
   */
  private record Assertion(String algorithm, @Nullable String client) {
    /** Returns null if there is none, or if the server cannot read it either. */
    static @Nullable Assertion read(@Nullable String text) {
      if (text == null) {
        return null;
      }
      try {
        var token = new JWSInput(text);
        var algorithm = token.getHeader().getRawAlgorithm();
        var subject = token.readJsonContent(JsonWebToken.class).getSubject();
        return new Assertion(algorithm == null ? "" : algorithm, subject);
      } catch (JWSInputException e) {
        return null;
      }
    }

    /**
     * Returns whether a shared secret signed the assertion: unlike a private key, a secret can be
     * guessed.
     */
    boolean isSignedWithSecret() {
      return algorithm.toUpperCase(Locale.ROOT).startsWith(SYMMETRIC);
    }
  }
}
