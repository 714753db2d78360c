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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.utils.KeycloakSessionUtil;

/**
 * Refuses, before the server looks at it, what could be a guess and comes from an address that has
 * no failures left: a client's secret at any endpoint of the protocol, a password at the token
 * endpoint, the short code of a device.
 *
 * <p>A filter, because the server has no other place before the authentication of a client: client
 * policies come after it, and a step in the flow of client authentication cannot answer 429.
 */
@Provider
public final class ProtocolGuard implements ContainerRequestFilter {
  private static final Pattern PROTOCOL =
      Pattern.compile("/?realms/([^/]+)/protocol/openid-connect/.+");
  private static final Pattern DEVICE = Pattern.compile("/?realms/([^/]+)/device/?");

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    var path = request.getUriInfo().getPath();
    var protocol = PROTOCOL.matcher(path);
    var device = DEVICE.matcher(path);
    var session = KeycloakSessionUtil.getKeycloakSession();
    if (session == null) {
      return;
    }
    if (protocol.matches() && request.getMethod().equals("POST")) {
      if (carriesSecret(request)) {
        refusal(session, protocol.group(1), EventType.CLIENT_LOGIN)
            .ifPresent(refusal -> request.abortWith(DirectGrantGuard.json(refusal)));
      }
    } else if (device.matches() && carriesUserCode(request)) {
      refusal(session, device.group(1), EventType.OAUTH2_DEVICE_VERIFY_USER_CODE)
          .ifPresent(refusal -> request.abortWith(page(session, refusal)));
    }
  }

  private static boolean carriesSecret(ContainerRequestContext request) throws IOException {
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header != null && header.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return true;
    }
    var form = form(request);
    return form.contains(OAuth2Constants.CLIENT_SECRET)
        || form.contains(OAuth2Constants.CLIENT_ASSERTION)
        // the password grant's
        || form.contains(OAuth2Constants.PASSWORD);
  }

  private static boolean carriesUserCode(ContainerRequestContext request) throws IOException {
    return request.getUriInfo().getQueryParameters().containsKey("user_code")
        || (request.getMethod().equals("POST") && form(request).contains("device_user_code"));
  }

  /**
   * The names in the form. The server reads it later; so the body is read here, in full, since what
   * is behind the end of a part would go unseen, and put back.
   */
  private static Set<String> form(ContainerRequestContext request) throws IOException {
    if (!MediaType.APPLICATION_FORM_URLENCODED_TYPE.isCompatible(request.getMediaType())) {
      return Set.of();
    }
    var body = request.getEntityStream().readAllBytes();
    request.setEntityStream(new ByteArrayInputStream(body));
    return Arrays.stream(new String(body, US_ASCII).split("&"))
        .map(field -> decoded(field.replaceFirst("=.*", "")))
        .collect(Collectors.toSet());
  }

  /** Whatever cannot be decoded is no name that the server knows. */
  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, UTF_8);
    } catch (IllegalArgumentException e) {
      return name;
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

  private static Response page(KeycloakSession session, Attempt.Refusal refusal) {
    return GuardedPasswordForm.answer(
        session
            .getProvider(LoginFormsProvider.class)
            .setError("rowlockTooManyTries", String.valueOf(refusal.minutes()))
            .createErrorPage(Response.Status.TOO_MANY_REQUESTS),
        refusal);
  }
}
