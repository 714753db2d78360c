/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;

/**
 * Describes the parts of Envoy Gateway's resources ({@code gateway.envoyproxy.io/v1alpha1}, 1.4)
 * that the manifests use. Other fields are refused.
 */
final class EnvoyGatewayResource {
  private EnvoyGatewayResource() {}

  record ClientTrafficPolicy(
      String apiVersion, String kind, ObjectMeta metadata, ClientSpec spec) {}

  record ClientSpec(
      List<Target> targetRefs, ClientTimeout timeout, Http2 http2, ClientConnection connection) {}

  record Target(String group, String kind, String name) {}

  record ClientTimeout(ClientHttpTimeout http) {}

  record ClientHttpTimeout(String requestReceivedTimeout, String idleTimeout) {}

  record Http2(int maxConcurrentStreams) {}

  record ClientConnection(ConnectionLimit connectionLimit) {}

  record ConnectionLimit(long value) {}

  record BackendTrafficPolicy(
      String apiVersion, String kind, ObjectMeta metadata, BackendSpec spec) {}

  record BackendSpec(
      List<Target> targetRefs,
      RequestBuffer requestBuffer,
      BackendTimeout timeout,
      RateLimit rateLimit) {}

  record RequestBuffer(String limit) {}

  record BackendTimeout(BackendHttpTimeout http) {}

  record BackendHttpTimeout(String connectionIdleTimeout) {}

  record RateLimit(LocalRateLimit local) {}

  record LocalRateLimit(List<Rule> rules) {}

  record Rule(List<Selector> clientSelectors, Limit limit) {}

  record Selector(Source sourceCIDR) {}

  record Source(SourceType type, String value) {}

  enum SourceType {
    Exact,
    Distinct
  }

  record Limit(int requests, Unit unit) {}

  enum Unit {
    Second,
    Minute,
    Hour
  }
}
