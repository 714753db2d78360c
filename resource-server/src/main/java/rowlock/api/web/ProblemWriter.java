/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import rowlock.api.settings.ServerSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes problems (RFC 9457). The same problem is the same bytes, whoever asks for whatever. */
@Component
public final class ProblemWriter {

  /** The media type of every error. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private final JsonMapper json = JsonMapper.builder().build();
  private final String pages;
  private final Map<ProblemType, List<String>> challenges;
  private final Map<ProblemType, byte[]> bodies = new EnumMap<>(ProblemType.class);

  ProblemWriter(ServerSettings settings) {
    this.pages = settings.publicUrl() + "/problems/";
    this.challenges = challenges(settings.publicUrl().toString());
    for (ProblemType type : ProblemType.values()) {
      bodies.put(type, render(type, List.of()));
    }
  }

  /** Answers with the problem, its headers and its field errors. */
  public void write(HttpServletResponse response, ProblemException problem) throws IOException {
    problem.headers().forEach(response::setHeader);
    write(response, problem.type(), problem.errors(), problem.challenge());
  }

  /** Answers with a problem that its type says all about. */
  public void write(HttpServletResponse response, ProblemType type) throws IOException {
    write(response, type, List.of(), Map.of());
  }

  private void write(
      HttpServletResponse response,
      ProblemType type,
      List<FieldError> errors,
      Map<String, String> parameters)
      throws IOException {
    if (response.isCommitted()) {
      return; // half an answer is out; the connection is all that can still be ended
    }
    for (String challenge : challenges.getOrDefault(type, List.of())) {
      response.addHeader("WWW-Authenticate", challenge + quoted(parameters));
    }
    byte[] body = body(type, errors);
    response.resetBuffer();
    response.setStatus(type.status());
    response.setContentType(MEDIA_TYPE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static String quoted(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> ", " + parameter.getKey() + "=\"" + parameter.getValue() + "\"")
        .collect(Collectors.joining());
  }

  /** The JSON text of a problem, in UTF-8. */
  byte[] body(ProblemType type, List<FieldError> errors) {
    byte[] fixed = errors.isEmpty() ? bodies.get(type) : null;
    return fixed == null ? render(type, errors) : fixed;
  }

  /**
   * One for each scheme (RFC 6750 section 3, RFC 9449 section 7.2), with the pointer of RFC 9728
   * section 5.1. No error without credentials.
   */
  private static Map<ProblemType, List<String>> challenges(String publicUrl) {
    String metadata =
        " resource_metadata=\"" + publicUrl + "/.well-known/oauth-protected-resource\"";
    String bearer = "Bearer" + metadata;
    String dpop = "DPoP" + metadata + ", algs=\"ES256 PS256\"";
    String badToken =
        ", error=\"invalid_token\", error_description=\"The access token is not valid\"";
    String badRequest = ", error=\"invalid_request\"";
    String weakSignIn =
        ", error=\"insufficient_user_authentication\""
            + ", error_description=\"A more recent or stronger authentication is needed\"";
    String badScope = ", error=\"insufficient_scope\"";
    String badProof =
        ", error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is not valid\"";
    return Map.of(
        ProblemType.AUTHENTICATION_REQUIRED,
        List.of(bearer, dpop),
        ProblemType.INVALID_AUTHORIZATION,
        List.of(bearer + badRequest, dpop + badRequest),
        ProblemType.INVALID_TOKEN,
        List.of(bearer + badToken, dpop + badToken),
        ProblemType.INVALID_DPOP_PROOF,
        List.of(bearer, dpop + badProof),
        ProblemType.INSUFFICIENT_USER_AUTHENTICATION,
        List.of(bearer + weakSignIn, dpop + weakSignIn),
        ProblemType.INSUFFICIENT_SCOPE,
        List.of(bearer + badScope, dpop + badScope));
  }

  private byte[] render(ProblemType type, List<FieldError> errors) {
    ObjectNode problem =
        json.createObjectNode()
            .put("type", pages + type.code())
            .put("title", type.title())
            .put("status", type.status())
            .put("detail", type.detail())
            .put("rfc", type.rfc());
    if (!errors.isEmpty()) {
      problem.set("errors", json.valueToTree(errors));
    }
    return problem.toString().getBytes(StandardCharsets.UTF_8);
  }
}
