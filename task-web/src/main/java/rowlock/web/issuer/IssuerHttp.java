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

/** How the issuer is called: it answers soon or counts as away. */
@Component
final class IssuerHttp {

  /** A refresh costs Keycloak milliseconds; a login, which hashes no password here, too. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(4);

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  private final JdkClientHttpRequestFactory requests;

  IssuerHttp() {
    this.requests =
        new JdkClientHttpRequestFactory(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_LIMIT)
                .build());
    requests.setReadTimeout(ANSWER_LIMIT);
  }

  /** For JSON. */
  RestClient plain() {
    return RestClient.builder().requestFactory(requests).build();
  }

  /** For the token endpoint. */
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
   * Reads a key set.
   *
   * @throws IssuerUnavailableException when it cannot be read
   */
  String keySet(URI address) {
    try {
      return String.valueOf(plain().get().uri(address).retrieve().body(String.class));
    } catch (RestClientException failed) {
      throw new IssuerUnavailableException("The issuer's keys cannot be read", failed);
    }
  }
}
