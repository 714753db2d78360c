/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.keycloak.common.util.Time;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.jose.jws.JWSBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * A security event token (RFC 8417): the claims that the outbox keeps, and those of the moment it
 * is sent. Signed each time anew, with the realm's key of that time, so that a receiver can refuse
 * what is old, and a key that was taken out of use signs nothing.
 */
final class SecurityEventToken {
  static final String TYPE = "secevent+jwt";

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  private SecurityEventToken() {}

  /** As it is kept. */
  static String payload(Map<String, Object> claims) {
    try {
      return JSON.writeValueAsString(claims);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A map of texts and numbers can always be written", e);
    }
  }

  /**
   * Signs a message.
   *
   * @param session whose context is the realm
   * @return the token in compact form
   */
  static String sign(
      KeycloakSession session, RealmModel realm, Outbox.Message message, String audience) {
    var claims = new LinkedHashMap<String, Object>();
    claims.putAll(read(message.payload()));
    claims.put("aud", audience);
    claims.put("jti", message.messageId());
    claims.put("iat", Time.currentTimeSeconds());
    var algorithm = realm.getDefaultSignatureAlgorithm();
    var signer =
        session
            .getProvider(
                SignatureProvider.class,
                algorithm == null || algorithm.isBlank() ? Algorithm.RS256 : algorithm)
            .signer();
    return new JWSBuilder()
        .type(TYPE)
        .kid(signer.getKid())
        .content(payload(claims).getBytes(StandardCharsets.UTF_8))
        .sign(signer);
  }

  private static Map<String, Object> read(String payload) {
    try {
      return JSON.readValue(payload, OBJECT);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The outbox holds what is no object", e);
    }
  }
}
