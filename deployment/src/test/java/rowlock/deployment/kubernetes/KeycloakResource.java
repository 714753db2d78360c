/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import java.util.List;
import java.util.Map;
import org.keycloak.representations.idm.RealmRepresentation;

/**
 * Describes the parts of the Keycloak Operator's resources ({@code k8s.keycloak.org/v2beta1}, 26.7)
 * that our manifests use, because no Maven repository contains the operator. Other fields are
 * refused: add them after a look at the operator's own definition.
 */
record KeycloakResource(String apiVersion, String kind, ObjectMeta metadata, Spec spec) {

  record Spec(
      int instances,
      String image,
      boolean startOptimized,
      boolean automountServiceAccountToken,
      Hostname hostname,
      Proxy proxy,
      Http http,
      HttpManagement httpManagement,
      Switch ingress,
      Switch networkPolicy,
      Map<String, Truststore> truststores,
      Database db,
      BootstrapAdmin bootstrapAdmin,
      List<Option> additionalOptions,
      Update update,
      ResourceRequirements resources,
      Unsupported unsupported,
      List<LocalObjectReference> imagePullSecrets) {}

  record Hostname(String hostname, String admin, Boolean strict, boolean backchannelDynamic) {}

  record Proxy(ProxyHeaders headers) {}

  enum ProxyHeaders {
    @JsonProperty("xforwarded")
    X_FORWARDED,
    @JsonProperty("forwarded")
    FORWARDED
  }

  record Http(boolean httpEnabled, Integer httpPort, Integer httpsPort, String tlsSecret) {}

  record HttpManagement(int port) {}

  record Switch(boolean enabled) {}

  record Truststore(Source configMap, Source secret) {}

  record Source(String name, Boolean optional) {}

  record Database(
      String vendor,
      String url,
      SecretKeySelector usernameSecret,
      SecretKeySelector passwordSecret,
      Integer poolInitialSize,
      Integer poolMinSize,
      Integer poolMaxSize) {}

  record BootstrapAdmin(User user) {}

  record User(String secret) {}

  record Option(String name, String value, SecretKeySelector secret) {}

  record Update(Strategy strategy, String revision) {}

  enum Strategy {
    @JsonProperty("Auto")
    AUTO,
    @JsonProperty("Explicit")
    EXPLICIT,
    @JsonProperty("RecreateOnImageChange")
    RECREATE_ON_IMAGE_CHANGE
  }

  record Unsupported(PodTemplateSpec podTemplate) {}

  /** Describes the resource that imports the realm once. */
  record RealmImport(String apiVersion, String kind, ObjectMeta metadata, ImportSpec spec) {}

  record ImportSpec(
      String keycloakCRName,
      RealmRepresentation realm,
      Map<String, Placeholder> placeholders,
      ResourceRequirements resources) {}

  record Placeholder(SecretKeySelector secret) {}
}
