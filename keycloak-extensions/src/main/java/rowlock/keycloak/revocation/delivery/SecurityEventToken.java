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
 * A security event token (RFC 8417). The outbox keeps the claims of the event; each attempt adds
 * those of the message and signs the token with the realm's active key. So a receiver can refuse
 * old tokens, and a key that was replaced signs nothing.
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

  /** Returns the claims as the outbox keeps them. */
  static String payload(Map<String, Object> claims) {
    try {
      return JSON.writeValueAsString(claims);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Claims cannot be written as JSON", e);
    }
  }

  /**
   * Signs a message.
   *
   * @param session with the realm in its context
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
      throw new IllegalStateException("Payload in the outbox is not a JSON object", e);
    }
  }
}
