/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.jose.jws.JWSInputException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Refuses, before the server looks at it, what could be a guess and comes from an address that has
 * no failures left: a client's secret wherever the server asks for it, a password at the token
 * endpoint, the short code of a device. What is signed with a private key goes on.
 *
 * <p>A filter, because the server has no other place before the authentication of a client: client
 * policies come after it, and a step in the flow of client authentication cannot answer 429.
 */
@Provider
public final class ProtocolGuard implements ContainerRequestFilter {
  /** Wherever the server authenticates clients. */
  private static final Pattern PROTOCOL =
      Pattern.compile(
          "/?realms/([^/]+)/(protocol/openid-connect|clients-registrations|clients-managements"
              + "|broker/[^/]+/token)(?:/.*)?");

  private static final Pattern DEVICE = Pattern.compile("/?realms/([^/]+)/device/?");

  private static final String FORM_WITH_CHARSET = "(?s)\\s*application/x-www-form.*charset.*";

  /** The only charset that forms have here: what the server decodes otherwise goes unseen. */
  private static final Pattern UTF_8_OR_NONE =
      Pattern.compile("[^;]*(;\\s*charset=\"?utf-8\"?\\s*)?", Pattern.CASE_INSENSITIVE);

  /** Of signatures by a secret that both sides know (RFC 7518 §3.2). */
  private static final String SYMMETRIC = "HS";

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    var path = request.getUriInfo().getPath();
    var protocol = PROTOCOL.matcher(path);
    var device = DEVICE.matcher(path);
    var session = KeycloakSessionUtil.getKeycloakSession();
    if (session == null) {
      return;
    }
    if ((protocol.matches() || device.matches()) && isInAnotherCharset(request)) {
      request.abortWith(inAnotherCharset());
    } else if (protocol.matches()
        && (request.getMethod().equals("POST") || isBesides(protocol.group(2)))) {
      if (carriesSecret(request)) {
        refusal(session, protocol.group(1), EventType.CLIENT_LOGIN)
            .ifPresent(refusal -> request.abortWith(DirectGrantGuard.json(refusal)));
      }
    } else if (device.matches() && carriesUserCode(request)) {
      refusal(session, device.group(1), EventType.OAUTH2_DEVICE_VERIFY_USER_CODE)
          .ifPresent(refusal -> request.abortWith(page(session, refusal)));
    }
  }

  /** Elsewhere than at the endpoints of OpenID Connect, a GET authenticates a client as well. */
  private static boolean isBesides(String resource) {
    return !resource.startsWith("protocol");
  }

  private static boolean carriesSecret(ContainerRequestContext request) throws IOException {
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header != null && header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return true;
    }
    var form = form(request);
    return form.containsKey(OAuth2Constants.CLIENT_SECRET)
        // the password grant's
        || form.containsKey(OAuth2Constants.PASSWORD)
        || form.getOrDefault(OAuth2Constants.CLIENT_ASSERTION, List.of()).stream()
            .anyMatch(ProtocolGuard::isSignedWithSecret);
  }

  /** A private key cannot be guessed; a secret that somebody made up can. */
  private static boolean isSignedWithSecret(String assertion) {
    try {
      var algorithm = new JWSInput(assertion).getHeader().getRawAlgorithm();
      return algorithm != null && algorithm.toUpperCase(Locale.ROOT).startsWith(SYMMETRIC);
    } catch (JWSInputException e) {
      // nor does the server read it
      return false;
    }
  }

  private static boolean isInAnotherCharset(ContainerRequestContext request) {
    var types = request.getHeaders().getOrDefault(HttpHeaders.CONTENT_TYPE, List.of());
    return types.size() > 1
        || types.stream()
            .anyMatch(
                type ->
                    type.toLowerCase(Locale.ROOT).matches(FORM_WITH_CHARSET)
                        && !UTF_8_OR_NONE.matcher(type).matches());
  }

  private static boolean carriesUserCode(ContainerRequestContext request) throws IOException {
    return request.getUriInfo().getQueryParameters().containsKey("user_code")
        || (request.getMethod().equals("POST") && form(request).containsKey("device_user_code"));
  }

  /**
   * The form. The server reads it later; so the body is read here, in full, since what is behind
   * the end of a part would go unseen, and put back.
   */
  private static Map<String, List<String>> form(ContainerRequestContext request)
      throws IOException {
    if (!MediaType.APPLICATION_FORM_URLENCODED_TYPE.isCompatible(request.getMediaType())) {
      return Map.of();
    }
    var body = request.getEntityStream().readAllBytes();
    request.setEntityStream(new ByteArrayInputStream(body));
    return Arrays.stream(new String(body, US_ASCII).split("&"))
        .map(field -> field.split("=", 2))
        .collect(
            Collectors.groupingBy(
                field -> decoded(field[0]),
                Collectors.mapping(
                    field -> field.length == 1 ? "" : decoded(field[1]), Collectors.toList())));
  }

  /** Whatever cannot be decoded is nothing that the server knows. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static Optional<Attempt.Refusal> refusal(
      KeycloakSession session, String realmName, EventType type) {
    var realm = session.realms().getRealmByName(realmName);
    if (realm == null) {
      return Optional.empty();
    }
    var refusal = GuessLimits.of(realm).flatMap(limits -> Attempt.address(session, realm, limits));
    refusal.ifPresent(
        found -> {
          session.getContext().setRealm(realm);
          found.report(event(session, realm, type), realm);
        });
    return refusal;
  }

  private static EventBuilder event(KeycloakSession session, RealmModel realm, EventType type) {
    return new EventBuilder(realm, session, session.getContext().getConnection()).event(type);
  }

  private static Response inAnotherCharset() {
    return Response.status(Response.Status.UNSUPPORTED_MEDIA_TYPE)
        .entity(
            new OAuth2ErrorRepresentation(
                OAuthErrorException.INVALID_REQUEST, "Forms are read in UTF-8 only."))
        .type(MediaType.APPLICATION_JSON_TYPE)
        .build();
  }

  private static Response page(KeycloakSession session, Attempt.Refusal refusal) {
    return GuardedPasswordForm.answer(
        session
            .getProvider(LoginFormsProvider.class)
            .setError("rowlockTooManyTries", String.valueOf(refusal.minutes()))
            .createErrorPage(Response.Status.TOO_MANY_REQUESTS),
        refusal);
  }
}
