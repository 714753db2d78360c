/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.issuer;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
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

  /** For key sets. */
  ResourceRetriever keys() {
    RestClient http = plain();
    return url -> {
      try {
        String keys = http.get().uri(url.toString()).retrieve().body(String.class);
        return new Resource(String.valueOf(keys), "application/json");
      } catch (RestClientException failed) {
        throw new IOException("The issuer's keys cannot be read", failed);
      }
    };
  }
}
