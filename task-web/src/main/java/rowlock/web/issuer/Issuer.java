/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import rowlock.web.settings.IssuerSettings;
import rowlock.web.settings.ServerSettings;

/**
 * The issuer as this server is registered there. Its metadata are asked for at the first use and
 * kept, so that this server starts while the issuer is away.
 */
@Component
public final class Issuer implements ClientRegistrationRepository {

  /** The name of the registration, which is part of the redirect URI. */
  public static final String REGISTRATION = "rowlock";

  /** The path of the redirect URI. */
  public static final String REDIRECT_PATH = "/login/oauth2/code/" + REGISTRATION;

  private static final ParameterizedTypeReference<Map<String, Object>> JSON_OBJECT =
      new ParameterizedTypeReference<>() {};

  private final IssuerSettings settings;
  private final URI home;
  private final RestClient http;
  private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

  Issuer(IssuerSettings settings, ServerSettings server, IssuerHttp http) {
    this.settings = settings;
    this.home = server.publicUrl();
    this.http = http.plain();
  }

  /**
   * This server's registration.
   *
   * @throws IssuerUnavailableException when the metadata cannot be read
   */
  public ClientRegistration registration() {
    return known().registration();
  }

  /** Where browsers sign in. */
  public URI loginPage() {
    return known().metadata().authorization();
  }

  /** The identifier that its tokens carry. */
  public String identifier() {
    return settings.issuer();
  }

  IssuerMetadata metadata() {
    return known().metadata();
  }

  @Override
  public @Nullable ClientRegistration findByRegistrationId(String registrationId) {
    return registrationId.equals(REGISTRATION) ? registration() : null;
  }

  private Known known() {
    Known there = known.get();
    if (there == null) {
      IssuerMetadata metadata = fetch();
      there = new Known(metadata, register(metadata));
      known.set(there);
    }
    return there;
  }

  private IssuerMetadata fetch() {
    Map<String, Object> document;
    try {
      document = http.get().uri(settings.metadata()).retrieve().body(JSON_OBJECT);
    } catch (RestClientException failed) {
      throw new IssuerUnavailableException("The issuer's metadata cannot be read", failed);
    }
    // OpenID Connect Discovery 1.0 section 4.3
    if (document == null || !settings.issuer().equals(document.get("issuer"))) {
      throw new IssuerUnavailableException(
          "The metadata at " + settings.metadata() + " are those of another issuer");
    }
    return new IssuerMetadata(
        endpoint(document, "authorization_endpoint"),
        endpoint(document, "token_endpoint"),
        endpoint(document, "jwks_uri"),
        endpoint(document, "introspection_endpoint"),
        endpoint(document, "end_session_endpoint"));
  }

  private URI endpoint(Map<String, Object> document, String member) {
    if (document.get(member) instanceof String text && settings.mayBeAsked(URI.create(text))) {
      return URI.create(text);
    }
    throw new IssuerUnavailableException("The issuer's metadata name no safe address as " + member);
  }

  private ClientRegistration register(IssuerMetadata metadata) {
    return ClientRegistration.withRegistrationId(REGISTRATION)
        .clientId(settings.clientId())
        .clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        // exactly what is registered, whatever Host a request names
        .redirectUri(home + REDIRECT_PATH)
        // the name, for the page; asked for here, because other clients need none
        .scope("openid", "profile")
        .issuerUri(settings.issuer())
        .authorizationUri(metadata.authorization().toString())
        .tokenUri(metadata.token().toString())
        .jwkSetUri(metadata.keys().toString())
        .build();
  }

  private record Known(IssuerMetadata metadata, ClientRegistration registration) {}
}
