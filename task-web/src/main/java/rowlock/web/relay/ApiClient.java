/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.relay;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import rowlock.web.settings.RelaySettings;

/**
 * HTTP client of the API, with timeouts and without redirects and cookies. {@link
 * ReadRetryStrategy} decides about retries.
 */
@Component
final class ApiClient implements DisposableBean {
  private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(2);

  private final HttpHost api;
  private final CloseableHttpClient http;

  ApiClient(RelaySettings settings) {
    var address = settings.api();
    var timeout = Timeout.of(settings.timeout());
    this.api = new HttpHost(address.getScheme(), address.getHost(), address.getPort());
    this.http =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(settings.connections())
                    .setMaxConnPerRoute(settings.connections())
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT_TIMEOUT)
                            .setSocketTimeout(timeout)
                            // the API closes idle connections after a minute
                            .setValidateAfterInactivity(TimeValue.of(1, TimeUnit.SECONDS))
                            .setTimeToLive(TimeValue.of(5, TimeUnit.MINUTES))
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setResponseTimeout(timeout)
                    .setConnectionRequestTimeout(CONNECT_TIMEOUT)
                    .build())
            .evictIdleConnections(TimeValue.of(30, TimeUnit.SECONDS))
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .setRetryStrategy(new ReadRetryStrategy())
            .disableContentCompression()
            .disableDefaultUserAgent()
            .build();
  }

  /** Sends the request. The caller closes the response. */
  ClassicHttpResponse send(ClassicHttpRequest request) throws IOException {
    return http.executeOpen(api, request, null);
  }

  @Override
  public void destroy() throws IOException {
    http.close();
  }
}
