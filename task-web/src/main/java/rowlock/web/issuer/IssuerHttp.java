/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** HTTP clients for requests to the issuer, with short timeouts. */
@Component
final class IssuerHttp {
  /** Keycloak answers these requests within milliseconds: none of them hashes a password. */
  static final Duration READ_TIMEOUT = Duration.ofSeconds(4);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final JdkClientHttpRequestFactory requests;

  IssuerHttp() {
    this.requests =
        new JdkClientHttpRequestFactory(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build());
    requests.setReadTimeout(READ_TIMEOUT);
  }

  /** Returns a client for JSON. */
  RestClient plain() {
    return RestClient.builder().requestFactory(requests).build();
  }

  /**
   * Returns a client for the token endpoint, with converters for OAuth 2.0 responses and errors.
   */
  RestClient tokens() {
    return RestClient.builder()
        .requestFactory(requests)
        .configureMessageConverters(
            converters ->
                converters
                    .addCustomConverter(new FormHttpMessageConverter())
                    .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
        .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
        .build();
  }

  /**
   * Reads a JSON Web Key Set.
   *
   * @throws IssuerUnavailableException if it cannot be read
   */
  String keySet(URI address) {
    try {
      return String.valueOf(plain().get().uri(address).retrieve().body(String.class));
    } catch (RestClientException e) {
      throw new IssuerUnavailableException("Issuer keys cannot be read", e);
    }
  }
}
