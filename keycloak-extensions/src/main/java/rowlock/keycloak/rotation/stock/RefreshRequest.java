/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation.stock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.authenticators.client.AttestationBasedClientAuthenticator.ABCAResult;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.grants.OAuth2GrantType;
import org.keycloak.representations.dpop.DPoP;
import org.keycloak.services.util.DPoPUtil;
import org.keycloak.services.util.MtlsHoKTokenUtil;
import org.keycloak.util.JWKSUtils;

/**
 * The properties of a refresh request that the issued tokens depend on: the keys that bind them and
 * the parameters that narrow them. Two requests with equal properties are repetitions of each
 * other. The refresh token, the client and its authentication are not part of it: the server has
 * checked them before.
 *
 * @param bindings key thumbprints by confirmation method (RFC 7800); empty for bearer tokens
 * @param parameters values by name of the parameter, sorted, without repetitions
 */
public record RefreshRequest(
    SortedMap<String, String> bindings, SortedMap<String, List<String>> parameters) {
  private static final String DPOP = "jkt";
  private static final String CERTIFICATE = "x5t#S256";
  private static final String ATTESTATION = "attestation";

  /** A list of values in one parameter (RFC 6749 §3.3). */
  private static final String SCOPE = OAuth2Constants.SCOPE;

  private static final List<String> NARROWING =
      List.of(
          OAuth2Constants.RESOURCE,
          OAuth2Constants.AUDIENCE,
          OAuth2Constants.REQUESTED_TOKEN_TYPE,
          OAuth2Constants.AUTHORIZATION_DETAILS,
          OIDCLoginProtocol.CLAIMS_PARAM);

  /** 128 bits. */
  private static final int DIGEST_BYTES = 16;

  /** Returns the properties of the current request. */
  static RefreshRequest of(KeycloakSession session, OAuth2GrantType.Context grant) {
    var bindings = new TreeMap<String, String>();
    var proof = session.getAttribute(DPoPUtil.DPOP_SESSION_ATTRIBUTE, DPoP.class);
    if (proof != null) {
      bindings.put(DPOP, proof.getThumbprint());
    }
    if (OIDCAdvancedConfigWrapper.fromClientModel(grant.getClient()).isUseMtlsHokToken()) {
      var certificate =
          MtlsHoKTokenUtil.bindTokenWithClientCertificate(
              session.getContext().getHttpRequest(), session);
      if (certificate != null) {
        bindings.put(CERTIFICATE, certificate.getCertThumbprint());
      }
    }
    var attestation = session.getAttribute(ABCAResult.ABCA_RESULT, ABCAResult.class);
    if (attestation != null) {
      bindings.put(
          ATTESTATION,
          JWKSUtils.computeThumbprint(attestation.getAttestationJwt().getConfirmation().getJwk()));
    }
    return new RefreshRequest(bindings, narrowing(grant.getFormParams()));
  }

  /** Returns the parameters of a form that narrow the issued tokens. */
  static SortedMap<String, List<String>> narrowing(Map<String, List<String>> form) {
    var parameters = new TreeMap<String, List<String>>();
    put(parameters, SCOPE, split(form.get(SCOPE)));
    NARROWING.forEach(name -> put(parameters, name, form.get(name)));
    return parameters;
  }

  /** Returns a digest that is equal for equal requests: 22 characters of Base64url. */
  public String digest() {
    var text = new StringBuilder();
    bindings.forEach((method, key) -> field(field(text, method), key));
    text.append(';');
    parameters.forEach(
        (name, values) -> {
          field(text, name).append(values.size()).append(':');
          values.forEach(value -> field(text, value));
        });
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.toString().getBytes(UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("The Java platform has no SHA-256", e);
    }
  }

  /** Prefixes a field with its length, so that two different lists never have the same text. */
  private static StringBuilder field(StringBuilder text, String value) {
    return text.append(value.length()).append(':').append(value);
  }

  private static void put(
      SortedMap<String, List<String>> parameters, String name, @Nullable List<String> values) {
    if (values == null) {
      return;
    }
    var given = values.stream().filter(value -> !value.isEmpty()).distinct().sorted().toList();
    if (!given.isEmpty()) {
      parameters.put(name, given);
    }
  }

  /** Splits the first parameter of that name, which is the one that the server reads. */
  private static @Nullable List<String> split(@Nullable List<String> scope) {
    return scope == null || scope.isEmpty() ? null : List.of(scope.get(0).split(" ", -1));
  }
}
