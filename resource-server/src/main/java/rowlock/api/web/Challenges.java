/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import rowlock.problem.Problem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemPresentation;

/**
 * Adds challenges to authentication problems: one for each scheme (RFC 6750 §3, RFC 9449 §7.2),
 * with the metadata URL of RFC 9728 §5.1. Without credentials they contain no error.
 */
final class Challenges implements ProblemPresentation {
  private final Map<Problem, List<String>> challenges;

  Challenges(URI publicUrl) {
    var metadata = " resource_metadata=\"" + publicUrl + "/.well-known/oauth-protected-resource\"";
    var bearer = "Bearer" + metadata;
    var dpop = "DPoP" + metadata + ", algs=\"ES256 PS256\"";
    var badToken = ", error=\"invalid_token\", error_description=\"The access token is not valid\"";
    var badRequest = ", error=\"invalid_request\"";
    var weakSignIn =
        ", error=\"insufficient_user_authentication\""
            + ", error_description=\"A more recent or stronger authentication is needed\"";
    var badScope = ", error=\"insufficient_scope\"";
    var badProof =
        ", error=\"invalid_dpop_proof\", error_description=\"The DPoP proof is not valid\"";
    this.challenges =
        Map.of(
            ApiProblem.AUTHENTICATION_REQUIRED,
            List.of(bearer, dpop),
            ApiProblem.INVALID_AUTHORIZATION,
            List.of(bearer + badRequest, dpop + badRequest),
            ApiProblem.INVALID_TOKEN,
            List.of(bearer + badToken, dpop + badToken),
            ApiProblem.INVALID_DPOP_PROOF,
            List.of(bearer, dpop + badProof),
            ApiProblem.INSUFFICIENT_USER_AUTHENTICATION,
            List.of(bearer + weakSignIn, dpop + weakSignIn),
            ApiProblem.INSUFFICIENT_SCOPE,
            List.of(bearer + badScope, dpop + badScope));
  }

  @Override
  public void addHeaders(HttpServletResponse response, ProblemException problem) {
    var parameters =
        problem.challenge().entrySet().stream()
            .map(parameter -> ", " + parameter.getKey() + "=\"" + parameter.getValue() + "\"")
            .collect(Collectors.joining());
    for (var challenge : challenges.getOrDefault(problem.type(), List.of())) {
      response.addHeader("WWW-Authenticate", challenge + parameters);
    }
  }
}
