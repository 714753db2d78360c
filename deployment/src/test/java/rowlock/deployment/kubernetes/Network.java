/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import rowlock.deployment.kubernetes.Manifests.Manifest;

/** Evaluates the rules of {@code NetworkPolicy} in the namespace of the base. */
final class Network {
  private final List<Manifest> policies;
  private final String namespace;

  Network(Manifests base) {
    this.policies = base.kind("NetworkPolicy");
    this.namespace = base.kind("Namespace").getFirst().name();
  }

  /**
   * Represents one end of a connection.
   *
   * @param name for messages
   * @param namespace empty if it is not a pod
   * @param labels of the pod
   * @param cidr of an end that is not a pod; empty for a pod
   */
  record End(String name, String namespace, Map<String, String> labels, String cidr) {

    static End pod(String name, String namespace, Map<String, String> labels) {
      return new End(name, namespace, labels, "");
    }

    static End machine(String name, String cidr) {
      return new End(name, "", Map.of(), cidr);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Returns whether both sides admit the connection. A pod that no policy selects admits all. */
  boolean admits(End from, End to, int port, String protocol) {
    return admitsOneWay("Egress", "egress", "to", from, to, port, protocol)
        && admitsOneWay("Ingress", "ingress", "from", to, from, port, protocol);
  }

  private boolean admitsOneWay(
      String type, String rules, String peers, End self, End other, int port, String protocol) {
    if (!self.namespace().equals(namespace)) {
      return true; // outside the namespace of the base
    }
    var selecting =
        policies.stream()
            .filter(
                policy -> Manifests.texts(policy.spec().path("policyTypes")).anyMatch(type::equals))
            .filter(policy -> matches(policy.spec().path("podSelector"), self.labels()))
            .toList();
    return selecting.isEmpty()
        || selecting.stream()
            .flatMap(policy -> Manifests.stream(policy.spec().path(rules)))
            .anyMatch(rule -> hasPort(rule, port, protocol) && hasPeer(rule.path(peers), other));
  }

  private static boolean hasPort(JsonNode rule, int port, String protocol) {
    return rule.path("ports").isMissingNode()
        || Manifests.stream(rule.path("ports"))
            .anyMatch(
                admitted ->
                    admitted.path("port").asInt() == port
                        && admitted.path("protocol").asText("TCP").equals(protocol));
  }

  private boolean hasPeer(JsonNode peers, End end) {
    return peers.isMissingNode()
        || peers.isEmpty()
        || Manifests.stream(peers).anyMatch(peer -> is(peer, end));
  }

  private boolean is(JsonNode peer, End end) {
    if (peer.has("ipBlock")) {
      return peer.at("/ipBlock/cidr").asText().equals(end.cidr());
    }
    var samePlace =
        peer.has("namespaceSelector")
            ? !end.namespace().isEmpty()
                && matches(
                    peer.path("namespaceSelector"),
                    Map.of("kubernetes.io/metadata.name", end.namespace()))
            : end.namespace().equals(namespace);
    return samePlace
        && (!peer.has("podSelector") || matches(peer.path("podSelector"), end.labels()));
  }

  private static boolean matches(JsonNode selector, Map<String, String> labels) {
    if (selector.has("matchExpressions")) {
      throw new IllegalStateException("matchExpressions are not supported");
    }
    return labels.entrySet().containsAll(Manifests.map(selector.path("matchLabels")).entrySet());
  }
}
