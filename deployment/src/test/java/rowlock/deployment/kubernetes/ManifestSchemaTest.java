/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.Gateway;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rowlock.deployment.SetupFiles;
import rowlock.deployment.kubernetes.Manifests.Manifest;

/**
 * Reads each object into the class of its schema. An unknown field is an error, because a cluster
 * would drop it silently.
 */
class ManifestSchemaTest {
  private static final Map<String, Class<?>> SCHEMAS =
      Map.ofEntries(
          Map.entry("v1 Namespace", Namespace.class),
          Map.entry("v1 Service", Service.class),
          Map.entry("apps/v1 Deployment", Deployment.class),
          Map.entry("batch/v1 CronJob", CronJob.class),
          Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
          Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
          Map.entry("gateway.networking.k8s.io/v1 Gateway", Gateway.class),
          Map.entry("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
          Map.entry("gateway.networking.k8s.io/v1 BackendTLSPolicy", BackendTLSPolicy.class),
          Map.entry("cert-manager.io/v1 Issuer", CertManagerResource.Issuer.class),
          Map.entry("cert-manager.io/v1 Certificate", CertManagerResource.Certificate.class),
          Map.entry(
              "gateway.envoyproxy.io/v1alpha1 ClientTrafficPolicy",
              EnvoyGatewayResource.ClientTrafficPolicy.class),
          Map.entry(
              "gateway.envoyproxy.io/v1alpha1 BackendTrafficPolicy",
              EnvoyGatewayResource.BackendTrafficPolicy.class),
          Map.entry("k8s.keycloak.org/v2beta1 Keycloak", KeycloakResource.class));

  /**
   * The models keep unknown fields by default; here they are an error, as is a number or {@code
   * true} instead of a text.
   */
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return Boolean.FALSE;
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              texts ->
                  texts
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  static Iterable<Manifest> manifests() {
    List<Manifest> all = new ArrayList<>(Manifests.base().all());
    all.addAll(Manifests.ofOverlay().all());
    all.addAll(Manifests.realmVerify().all());
    return all;
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void manifests_matchTheirSchema(Manifest manifest) {
    Class<?> schema = schema(manifest.json());
    assertThat(schema).as("a schema for %s", manifest).isNotNull();
    assertThatCode(() -> STRICT.treeToValue(manifest.json(), schema)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void unknownField_inAnyObject_isFound(Manifest manifest) {
    Class<?> schema = schema(manifest.json());
    List<ObjectNode> objects = new ArrayList<>();
    collect(manifest.json(), objects);
    for (var object : objects) {
      object.put("noSuchField", 1);
      assertThatThrownBy(() -> STRICT.treeToValue(manifest.json(), schema))
          .as("in %s", object)
          .isInstanceOf(JsonProcessingException.class);
      object.remove("noSuchField");
    }
  }

  @Test
  void renderedRealm_matchesTheOperatorsSchema() throws Exception {
    var resource =
        SetupFiles.operatorImport(
            Map.of(
                "ROWLOCK_WEB_URL", "https://tasks.example.org",
                "ROWLOCK_WEB_BACKCHANNEL_URL", "https://task-web",
                "ROWLOCK_API_URL", "https://task-api",
                "ROWLOCK_SMTP_HOST", "mail.example.org",
                "ROWLOCK_SMTP_FROM", "no-reply@example.org",
                "ROWLOCK_GOOGLE_CLIENT_ID", "client",
                "ROWLOCK_GOOGLE_CLIENT_SECRET", "secret"));
    var read = STRICT.readValue(resource, KeycloakResource.RealmImport.class);
    assertThat(read.spec().realm().getRealm()).isEqualTo("rowlock");
    assertThat(read.spec().keycloakCRName())
        .isEqualTo(Manifests.base().kind("Keycloak").getFirst().name());
  }

  /** Collects all objects except those with arbitrary names: labels, selectors, annotations. */
  private static void collect(JsonNode json, List<ObjectNode> objects) {
    if (json instanceof ObjectNode object) {
      objects.add(object);
      object
          .properties()
          .forEach(
              field -> {
                if (!Set.of(
                            "labels",
                            "matchLabels",
                            "selector",
                            "requests",
                            "limits",
                            "selfSigned",
                            "truststores")
                        .contains(field.getKey())
                    || field.getValue().has("matchLabels")) {
                  collect(field.getValue(), objects);
                }
              });
    } else if (json.isArray()) {
      json.forEach(element -> collect(element, objects));
    }
  }

  @Test
  void numberInsteadOfText_isFound() {
    assertThatThrownBy(
            () ->
                STRICT.readValue(
                    "{\"spec\": {\"realm\": {\"attributes\": {\"a\": 1}}}}",
                    KeycloakResource.RealmImport.class))
        .hasMessageContaining("attributes");
  }

  private static Class<?> schema(JsonNode json) {
    return SCHEMAS.get(json.path("apiVersion").asText() + " " + json.path("kind").asText());
  }
}
