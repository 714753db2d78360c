/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.deployment.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Collects the objects that the manifests refer to, and those that exist. */
final class References {
  private static final Pattern SECRET = Pattern.compile("(?m)^secret (\\S+)((?:.*\\\\\\n)*.*)$");
  private static final Pattern FIELD = Pattern.compile("--from-(?:file|literal)=([^= ]+)=(\\S+)");

  /** Ports of the Service that the operator creates. */
  static final Map<String, Integer> KEYCLOAK_SERVICE = Map.of("https", 8443, "management", 9000);

  private References() {}

  /** Returns the Secrets with their keys, from the script and from cert-manager. */
  static Map<String, Set<String>> secrets() {
    Map<String, Set<String>> secrets = new TreeMap<>();
    secretFiles()
        .forEach((name, files) -> secrets.put("Secret/" + name, new TreeSet<>(files.keySet())));
    for (var certificate : Manifests.base().kind("Certificate")) {
      Set<String> keys = new TreeSet<>(Set.of("tls.crt", "tls.key", "ca.crt"));
      if (certificate.spec().at("/keystores/pkcs12/create").asBoolean()) {
        keys.addAll(Set.of("keystore.p12", "truststore.p12"));
      }
      secrets.put("Secret/" + certificate.spec().path("secretName").asText(), keys);
    }
    // the operator of the cluster creates these, see the README
    secrets.put("Secret/public-tls", Set.of("tls.crt", "tls.key"));
    secrets.put("ConfigMap/inside-ca", Set.of("ca.crt"));
    secrets.put("ConfigMap/database-ca", Set.of("ca.crt"));
    secrets.put("ConfigMap/rowlock", Manifests.settings(Manifests.BASE).keySet());
    return secrets;
  }

  /** Returns the Secrets of {@code secrets.sh}: the file or value for each name and key. */
  static Map<String, Map<String, String>> secretFiles() {
    try {
      Map<String, Map<String, String>> secrets = new LinkedHashMap<>();
      var secret = SECRET.matcher(Files.readString(Manifests.KUBERNETES.resolve("secrets.sh")));
      while (secret.find()) {
        Map<String, String> fields = new LinkedHashMap<>();
        var field = FIELD.matcher(secret.group(2));
        while (field.find()) {
          fields.put(field.group(1), field.group(2));
        }
        secrets.put(secret.group(1), fields);
      }
      return secrets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all references in an object, as {@code Secret/name} or {@code Secret/name/key}. */
  static Set<String> referencesIn(JsonNode json) {
    Set<String> references = new LinkedHashSet<>();
    json.properties().forEach(entry -> collect(entry.getKey(), entry.getValue(), references));
    return references;
  }

  private static void collect(String field, JsonNode value, Set<String> references) {
    switch (field) {
      case "configMapKeyRef" -> references.add(named("ConfigMap", value, "name", "key"));
      case "secretKeyRef", "usernameSecret", "passwordSecret" ->
          references.add(named("Secret", value, "name", "key"));
      case "configMap" -> references.add(named("ConfigMap", value, "name", ""));
      case "caCertificateRefs", "certificateRefs" ->
          value.forEach(
              reference ->
                  references.add(
                      named(reference.path("kind").asText("Secret"), reference, "name", "")));
      case "tlsSecret" -> references.add("Secret/" + value.asText());
      case "user", "ca" -> {
        references.add("Secret/" + value.path("secret").asText(value.path("secretName").asText()));
      }
      case "secret" -> {
        var name = "Secret/" + value.path("secretName").asText(value.path("name").asText());
        references.add(name);
        value.path("items").forEach(item -> references.add(name + "/" + item.path("key").asText()));
      }
      default -> {
        if (value.isObject()) {
          references.addAll(referencesIn(value));
        } else if (value.isArray()) {
          value.forEach(element -> references.addAll(referencesIn(element)));
        }
      }
    }
  }

  private static String named(String kind, JsonNode reference, String name, String key) {
    var field = reference.path(key).asText();
    return kind + "/" + reference.path(name).asText() + (field.isEmpty() ? "" : "/" + field);
  }

  /** Returns the files from Secrets and ConfigMaps in the mounts of a container. */
  static Set<String> files(JsonNode podSpec, JsonNode container) {
    var secrets = secrets();
    Set<String> files = new TreeSet<>();
    for (var mount : container.path("volumeMounts")) {
      for (var volume : podSpec.path("volumes")) {
        if (volume.path("name").equals(mount.path("name"))) {
          var secret = volume.path("secret");
          var source =
              secret.isMissingNode()
                  ? "ConfigMap/" + volume.at("/configMap/name").asText()
                  : "Secret/" + secret.path("secretName").asText();
          var folder = mount.path("mountPath").asText() + "/";
          if (secret.has("items")) {
            secret.path("items").forEach(item -> files.add(folder + item.path("path").asText()));
          } else {
            secrets.getOrDefault(source, Set.of()).forEach(key -> files.add(folder + key));
          }
        }
      }
    }
    return files;
  }
}
