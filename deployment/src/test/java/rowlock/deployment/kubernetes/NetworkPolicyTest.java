/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import rowlock.deployment.kubernetes.Network.End;
import rowlock.realm.Realm;

/**
 * Checks that the policies admit each connection that the settings, the routes and the realm
 * require, and no other between these ends.
 */
class NetworkPolicyTest {
  private static final Pattern ADDRESS =
      Pattern.compile("(?<scheme>https|jdbc:postgresql)://(?<host>[a-z.-]+)(?::(?<port>[0-9]+))?");

  private final Manifests base = Manifests.base();
  private final Network network = new Network(base);
  private final Map<String, String> settings = Manifests.settings(Manifests.BASE);
  private final Map<String, End> ends = new LinkedHashMap<>();
  private final Set<String> required = new TreeSet<>();

  NetworkPolicyTest() {
    var namespace = base.kind("Namespace").getFirst().name();
    for (var deployment : base.kind("Deployment")) {
      ends.put(deployment.name(), End.pod(deployment.name(), namespace, deployment.podLabels()));
    }
    var keycloak = base.kind("Keycloak").getFirst();
    ends.put("keycloak", End.pod("keycloak", namespace, keycloak.podLabels()));
    Map<String, String> job = new LinkedHashMap<>(keycloak.podLabels());
    job.put("app", "keycloak-realm-import");
    ends.put("import", End.pod("import", namespace, job));
    ends.put("stranger", End.pod("stranger", namespace, Map.of("app", "stranger")));
    ends.put("elsewhere", End.pod("elsewhere", "elsewhere", Map.of("app", "stranger")));
    ends.put("gateway", End.pod("gateway", settings.get("GATEWAY_NAMESPACE"), Map.of()));
    ends.put("monitoring", End.pod("monitoring", settings.get("MONITORING_NAMESPACE"), Map.of()));
    ends.put("dns", End.pod("dns", "kube-system", Map.of("k8s-app", "kube-dns")));
    ends.put("database", End.machine("database", settings.get("DATABASE_NETWORK")));
    ends.put("mail", End.machine("mail", settings.get("MAIL_NETWORK")));
    ends.put("internet", End.machine("internet", "203.0.113.1/32"));
    require();
  }

  /** Derives the required connections from the configuration and not from the policies. */
  private void require() {
    for (var deployment : base.kind("Deployment")) {
      var container = deployment.spec().at("/template/spec/containers/0");
      ManifestReferencesTest.environment(container)
          .values()
          .forEach(value -> requireAll(deployment.name(), value));
      container
          .path("ports")
          .forEach(
              port -> {
                if (port.path("name").asText().equals("management")) {
                  require("monitoring", deployment.name(), port.path("containerPort").asInt());
                }
              });
    }
    var keycloak = base.kind("Keycloak").getFirst();
    requireAll("keycloak", keycloak.spec().at("/db/url").asText());
    requireAll("import", keycloak.spec().at("/db/url").asText());
    require("monitoring", "keycloak", keycloak.spec().at("/httpManagement/port").asInt());
    // the operator's jobs have the selectors of the servers but accept no connections
    for (var node : Set.of("keycloak", "import")) {
      require(node, "keycloak", 7800);
      require(node, "keycloak", 57800);
      wantAllOfTheRealm(node);
    }
    for (var route : base.kind("HTTPRoute")) {
      Manifests.stream(route.spec().path("rules"))
          .flatMap(rule -> Manifests.stream(rule.path("backendRefs")))
          .forEach(
              backend ->
                  require(
                      "gateway",
                      pod(backend.path("name").asText()),
                      target(backend.path("name").asText(), backend.path("port").asInt())));
    }
  }

  private void wantAllOfTheRealm(String node) {
    var realm =
        Realm.render(
                Map.of(
                    "ROWLOCK_WEB_URL", "https://tasks.example.org",
                    "ROWLOCK_WEB_BACKCHANNEL_URL", "https://task-web",
                    "ROWLOCK_API_URL", "https://task-api",
                    "ROWLOCK_SMTP_HOST", "mail.example.org",
                    "ROWLOCK_SMTP_FROM", "no-reply@example.org"))
            .json();
    try {
      var json = new ObjectMapper().readTree(realm);
      json.path("clients")
          .forEach(
              client ->
                  Manifests.texts(client.path("attributes"))
                      .forEach(text -> requireAll(node, text)));
      require(node, "mail", json.at("/smtpServer/port").asInt());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void requireAll(String from, String text) {
    var address = ADDRESS.matcher(text);
    while (address.find()) {
      var host = address.group("host");
      if (address.group("scheme").startsWith("jdbc")) {
        require(from, "database", Integer.parseInt(address.group("port")));
      } else if (!host.contains(".")) {
        var url = URI.create(address.group());
        require(from, pod(host), target(host, url.getPort() < 0 ? 443 : url.getPort()));
      }
    }
  }

  private void require(String from, String to, int port) {
    required.add(from + " to " + to + ":" + port);
  }

  private static String pod(String service) {
    return service.replace("-service", "");
  }

  private int target(String service, int port) {
    if (service.equals("keycloak-service")) {
      return port;
    }
    var name =
        Manifests.stream(base.one("Service", service).spec().path("ports"))
            .filter(p -> p.path("port").asInt() == port)
            .findFirst()
            .orElseThrow()
            .path("targetPort")
            .asText();
    return Manifests.stream(
            base.one("Deployment", service).spec().at("/template/spec/containers/0/ports"))
        .filter(p -> p.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow()
        .path("containerPort")
        .asInt();
  }

  @Test
  void requiredConnections_areTheOnlyOnesAdmitted() {
    assertThat(required)
        .contains(
            "keycloak to task-api:8081",
            "keycloak to task-web:8000",
            "keycloak to mail:587",
            "task-web to task-api:8081",
            "task-api to keycloak:8443",
            "gateway to task-web:8000",
            "import to database:5432");
    Set<String> admitted = new TreeSet<>();
    for (var from : ends.values()) {
      for (var to : ends.values()) {
        if (from.cidr().isEmpty() && !to.name().equals("import") && bothMatter(from, to)) {
          for (var port :
              new int[] {
                25, 53, 80, 443, 587, 5432, 7800, 57800, 8000, 8001, 8080, 8081, 8082, 8443, 9000
              }) {
            if (network.admits(from, to, port, "TCP") && !to.name().equals("dns")) {
              admitted.add(from + " to " + to + ":" + port);
            }
          }
        }
      }
    }
    assertThat(admitted).isEqualTo(required);
  }

  /** Returns whether the policies of the base decide about a connection. */
  private boolean bothMatter(End from, End to) {
    var namespace = base.kind("Namespace").getFirst().name();
    return from.namespace().equals(namespace) || to.namespace().equals(namespace);
  }

  @Test
  void pods_mayUseDns() {
    for (var name : Set.of("keycloak", "import", "task-api", "task-web")) {
      assertThat(network.admits(ends.get(name), ends.get("dns"), 53, "UDP")).isTrue();
      assertThat(network.admits(ends.get(name), ends.get("dns"), 53, "TCP")).isTrue();
      assertThat(network.admits(ends.get(name), ends.get("dns"), 443, "TCP")).isFalse();
    }
  }

  @Test
  void operator_addsNoPolicy() {
    assertThat(base.kind("Keycloak").getFirst().spec().at("/networkPolicy/enabled").asBoolean(true))
        .isFalse();
    assertThat(base.kind("Keycloak").getFirst().spec().at("/http/httpEnabled").asBoolean(true))
        .isFalse();
  }
}
