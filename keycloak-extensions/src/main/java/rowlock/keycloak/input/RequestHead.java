/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.input;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Path, query and headers of a request.
 *
 * @param path as received, percent-encoded
 * @param query as received, percent-encoded; empty if there is none
 * @param headers the values of a header
 */
record RequestHead(String path, String query, Headers headers) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";

  /** RFC 9110 §8.3.1; parameters are left to the server. */
  private static final Pattern MEDIA_TYPE = Pattern.compile(TOKEN + "/" + TOKEN + "\\s*+(?:;.*+)?");

  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*+\"");

  /**
   * The only charset of forms: the server would decode any other charset differently from the
   * checks here.
   */
  private static final Pattern UTF_8_OR_NONE =
      Pattern.compile("[^;]*+(?:;\\s*+charset=\"?utf-8\"?\\s*+)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern FORWARDED_PROTO =
      Pattern.compile("\\s*+(?:https?+|wss?+)\\s*+(?:,.*+)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern FORWARDED_HOST =
      Pattern.compile("[\\[\\]A-Za-z0-9.:_-]*+(?:\\s*+,\\s*+[\\[\\]A-Za-z0-9.:_-]*+)*+");

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String MULTIPART = "multipart/";
  private static final int STATE_PARTS = 4;

  private static final Set<String> FORMS_ONLY =
      Set.of("device/", "login-actions/", "protocol/openid-connect/");

  /** The values of a header, in order. */
  interface Headers {
    List<String> all(String name);
  }

  /** Returns why the request cannot be processed, or null if the head is well-formed. */
  @Nullable Rejection check() {
    var decoded = EncodedText.decode(path, false);
    if (decoded == null || EncodedText.hasControl(decoded)) {
      return Rejection.badRequest("The path is malformed.");
    }
    return Stream.<Supplier<@Nullable Rejection>>of(
            () -> Parameters.checkQuery(query),
            this::checkBrokerState,
            this::checkType,
            this::checkAccept,
            this::checkForwarded,
            this::checkTokens)
        .flatMap(check -> Stream.ofNullable(check.get()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns whether the request addresses the admin API. Its bodies are read after authentication,
   * and may be large: realms are imported.
   */
  boolean isAdministration() {
    for (var segment : path.split("/", -1)) {
      switch (segment) {
        case "admin" -> {
          return true;
        }
        case "realms", "resources", "js", ".well-known" -> {
          return false;
        }
        default -> {
          // relative path under which the server is deployed
        }
      }
    }
    return false;
  }

  /**
   * Returns why the body cannot be processed, or null if its type is accepted: the browser and
   * OpenID Connect endpoints accept forms only, and some of them fail when they have to answer 415
   * themselves.
   */
  @Nullable Rejection checkBodyType() {
    return type().isEmpty() || isForm() || !isBelowRealm(FORMS_ONLY)
        ? null
        : Rejection.unsupportedMediaType("Only forms are accepted here.");
  }

  /** Returns whether the endpoint fails when it has to answer 406; it answers JSON only. */
  boolean isDeviceAuthorization() {
    return path.endsWith("/protocol/openid-connect/auth/device");
  }

  private boolean isBelowRealm(Set<String> resources) {
    var segments = List.of(path.split("/", -1));
    var realms = segments.indexOf("realms");
    if (realms < 0 || segments.size() <= realms + 2) {
      return false;
    }
    var below = String.join("/", segments.subList(realms + 2, segments.size())) + "/";
    return resources.stream().anyMatch(below::startsWith);
  }

  boolean isForm() {
    return type().startsWith(FORM);
  }

  boolean isJson() {
    var type = type();
    return type.startsWith("application/json") || type.contains("+json");
  }

  private String type() {
    var types = headers.all("Content-Type");
    return types.isEmpty() ? "" : types.get(0).strip().toLowerCase(Locale.ROOT);
  }

  private @Nullable Rejection checkType() {
    var types = headers.all("Content-Type");
    if (types.isEmpty()) {
      return null;
    }
    if (types.size() > 1 || !MEDIA_TYPE.matcher(types.get(0).strip()).matches()) {
      return Rejection.unsupportedMediaType("The content type is malformed.");
    }
    if (isAdministration()) {
      return null;
    }
    if (isForm() && !UTF_8_OR_NONE.matcher(types.get(0)).matches()) {
      return Rejection.unsupportedMediaType("Forms are read in UTF-8 only.");
    }
    return type().startsWith(MULTIPART)
        ? Rejection.unsupportedMediaType("Multipart bodies are not accepted here.")
        : null;
  }

  /** RFC 9110 §12.5.1; old Java clients send a single asterisk for any type. */
  private @Nullable Rejection checkAccept() {
    var malformed =
        headers.all("Accept").stream()
            .map(value -> QUOTED.matcher(value).replaceAll(""))
            .flatMap(value -> Arrays.stream(value.split(",", -1)))
            .map(String::strip)
            .anyMatch(
                range ->
                    !range.isEmpty()
                        && !range.split(";", 2)[0].strip().equals("*")
                        && !MEDIA_TYPE.matcher(range).matches());
    return malformed ? Rejection.badRequest("The header Accept is malformed.") : null;
  }

  private @Nullable Rejection checkForwarded() {
    var wellFormed =
        headers.all("X-Forwarded-Proto").stream().allMatch(FORWARDED_PROTO.asMatchPredicate())
            && headers.all("X-Forwarded-Host").stream().allMatch(FORWARDED_HOST.asMatchPredicate());
    return wellFormed ? null : Rejection.badRequest("A forwarded header is malformed.");
  }

  private @Nullable Rejection checkTokens() {
    var malformed =
        headers.all("Authorization").stream()
            .map(value -> value.substring(value.indexOf(' ') + 1).strip())
            .anyMatch(JwsHeader::isMalformed);
    if (malformed) {
      return Rejection.invalidToken();
    }
    return headers.all("DPoP").stream().anyMatch(JwsHeader::isMalformed)
        ? Rejection.badRequest("The DPoP proof is malformed.")
        : null;
  }

  /** The server decodes the last part of the state of a brokered login without checks. */
  private @Nullable Rejection checkBrokerState() {
    if (!path.contains("/broker/")) {
      return null;
    }
    for (var parameter : query.split("&", -1)) {
      if (parameter.startsWith("state=")) {
        var state = EncodedText.decode(parameter.substring("state=".length()), true);
        var parts = Objects.requireNonNullElse(state, "").split("\\.", STATE_PARTS);
        if (parts.length == STATE_PARTS && !isBase64(parts[STATE_PARTS - 1])) {
          return Rejection.badRequest("The state is malformed.");
        }
      }
    }
    return null;
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getUrlDecoder().decode(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
