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
 * Provides the client registration of this server at the issuer. The issuer's metadata is fetched
 * on first use and cached, so that this server can start while the issuer is unavailable.
 */
@Component
public final class Issuer implements ClientRegistrationRepository {
  /** Registration id; part of the redirect URI. */
  public static final String REGISTRATION = "rowlock";

  /** Path of the redirect URI. */
  public static final String REDIRECT_PATH = "/login/oauth2/code/" + REGISTRATION;

  private static final ParameterizedTypeReference<Map<String, Object>> JSON_OBJECT =
      new ParameterizedTypeReference<>() {};

  private final IssuerSettings settings;
  private final URI home;
  private final RestClient http;
  private final AtomicReference<@Nullable Discovery> discovery = new AtomicReference<>();

  Issuer(IssuerSettings settings, ServerSettings server, IssuerHttp http) {
    this.settings = settings;
    this.home = server.publicUrl();
    this.http = http.plain();
  }

  /**
   * Returns the registration of this server.
   *
   * @throws IssuerUnavailableException if the metadata cannot be read
   */
  public ClientRegistration registration() {
    return discovery().registration();
  }

  /** Returns the authorization endpoint, to which browsers are redirected. */
  public URI loginPage() {
    return discovery().metadata().authorization();
  }

  /** Returns the issuer identifier ({@code iss}). */
  public String identifier() {
    return settings.issuer();
  }

  IssuerMetadata metadata() {
    return discovery().metadata();
  }

  @Override
  public @Nullable ClientRegistration findByRegistrationId(String registrationId) {
    return registrationId.equals(REGISTRATION) ? registration() : null;
  }

  private Discovery discovery() {
    var cached = discovery.get();
    if (cached == null) {
      var metadata = fetch();
      cached = new Discovery(metadata, register(metadata));
      discovery.set(cached);
    }
    return cached;
  }

  private IssuerMetadata fetch() {
    Map<String, Object> document;
    try {
      document = http.get().uri(settings.metadata()).retrieve().body(JSON_OBJECT);
    } catch (RestClientException e) {
      throw new IssuerUnavailableException("Issuer metadata cannot be read", e);
    }
    // OpenID Connect Discovery 1.0 section 4.3
    if (document == null || !settings.issuer().equals(document.get("issuer"))) {
      throw new IssuerUnavailableException(
          "Metadata at " + settings.metadata() + " belongs to another issuer");
    }
    return new IssuerMetadata(
        endpoint(document, "authorization_endpoint"),
        endpoint(document, "token_endpoint"),
        endpoint(document, "jwks_uri"),
        endpoint(document, "introspection_endpoint"),
        endpoint(document, "end_session_endpoint"));
  }

  private URI endpoint(Map<String, Object> document, String member) {
    if (document.get(member) instanceof String text && settings.isAllowed(URI.create(text))) {
      return URI.create(text);
    }
    throw new IssuerUnavailableException(
        "Issuer metadata contains no allowed address as " + member);
  }

  private ClientRegistration register(IssuerMetadata metadata) {
    return ClientRegistration.withRegistrationId(REGISTRATION)
        .clientId(settings.clientId())
        .clientAuthenticationMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        // fixed, so that the header Host of a request cannot change it
        .redirectUri(home + REDIRECT_PATH)
        // profile contains the name that the page shows; other clients do not need it
        .scope("openid", "profile")
        .issuerUri(settings.issuer())
        .authorizationUri(metadata.authorization().toString())
        .tokenUri(metadata.token().toString())
        .jwkSetUri(metadata.keys().toString())
        .build();
  }

  private record Discovery(IssuerMetadata metadata, ClientRegistration registration) {}
}
