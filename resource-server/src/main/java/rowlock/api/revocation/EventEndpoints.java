/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.audit.Refusal;
import rowlock.api.revocation.EventReceiver.Channel;
import rowlock.api.revocation.EventReceiver.Outcome;
import rowlock.api.web.ApiProblem;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the issuer sends what has happened: security event tokens (RFC 8935) and logout tokens
 * (OpenID Connect Back-Channel Logout). Neither takes an access token: what is sent proves itself.
 * Nothing is acknowledged before it is committed.
 */
@Hidden
@RestController
final class EventEndpoints {

  static final String EVENTS = "/events";
  static final String LOGOUT = "/backchannel-logout";

  private static final String PARAMETER = "logout_token=";
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final EventReceiver receiver;
  private final JsonMapper json = JsonMapper.builder().build();

  EventEndpoints(EventReceiver receiver) {
    this.receiver = receiver;
  }

  @PostMapping(path = EVENTS, consumes = "application/secevent+jwt")
  void event(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Refusal refusal = refusal(Channel.PUSH, body(request), request);
    if (refusal == null) {
      response.setStatus(HttpServletResponse.SC_ACCEPTED);
      return;
    }
    response.setHeader("Content-Language", "en"); // RFC 8935 section 2.3
    refuse(response, "err", errorOf(refusal), "description", describe(refusal));
  }

  @PostMapping(path = LOGOUT, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  void logout(HttpServletRequest request, HttpServletResponse response) throws IOException {
    String token = logoutToken(body(request));
    Refusal refusal =
        token == null ? Refusal.MALFORMED_TOKEN : refusal(Channel.LOGOUT, token, request);
    if (refusal == null) {
      response.setStatus(HttpServletResponse.SC_OK);
      return;
    }
    refuse(response, "error", "invalid_request", "error_description", describe(refusal));
  }

  /** Bytes over the limit fail while they are read; others than ASCII are in no token. */
  private static String body(HttpServletRequest request) throws IOException {
    return new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /**
   * Refuses the event if a browser sends it: a form of another site would spend the budget of the
   * visitor's address, which may be the issuer's. A server sends neither header.
   */
  private @Nullable Refusal refusal(Channel channel, String text, HttpServletRequest request) {
    if (request.getHeader("Origin") != null || request.getHeader("Sec-Fetch-Site") != null) {
      throw new ProblemException(ApiProblem.CROSS_ORIGIN);
    }
    return switch (receiver.receive(channel, text, request.getRemoteAddr())) {
      case Outcome.Taken taken -> null;
      case Outcome.Failed failed ->
          throw ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
      case Outcome.TooMany tooMany ->
          throw ProblemException.retryAfter(HttpProblem.TOO_MANY_REQUESTS, tooMany.retryAfter());
      case Outcome.Refused refused -> {
        if (refused.reason() == Refusal.NO_KEYS) {
          throw ProblemException.retryAfter(HttpProblem.SERVICE_UNAVAILABLE, RETRY);
        }
        yield refused.reason();
      }
    };
  }

  /** The one parameter of this name in a form; others may be there and mean nothing. */
  private static @Nullable String logoutToken(String form) {
    String token = null;
    for (String parameter : form.split("&", -1)) {
      if (parameter.startsWith(PARAMETER)) {
        if (token != null) {
          return null;
        }
        token = parameter.substring(PARAMETER.length());
      }
    }
    try {
      return token == null ? null : URLDecoder.decode(token, StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException notEncoded) {
      return null;
    }
  }

  /** The registry of RFC 8935 section 2.4. */
  private static String errorOf(Refusal refusal) {
    return switch (refusal) {
      case WRONG_ISSUER -> "invalid_issuer";
      case WRONG_AUDIENCE -> "invalid_audience";
      case UNKNOWN_KEY, BAD_KEY_ID, EMBEDDED_KEY, WRONG_ALGORITHM -> "invalid_key";
      case BAD_SIGNATURE -> "authentication_failed";
      default -> "invalid_request";
    };
  }

  /** Enough for an operator of the issuer to put a setting right, and nothing of what was sent. */
  private static String describe(Refusal refusal) {
    return switch (refusal) {
      case WRONG_TYPE -> "The typ of the header is another.";
      case WRONG_ALGORITHM -> "The algorithm is not accepted here.";
      case UNKNOWN_KEY -> "The key is not among those that the issuer publishes.";
      case BAD_SIGNATURE -> "The signature is not the issuer's.";
      case WRONG_ISSUER -> "The issuer is another.";
      case WRONG_AUDIENCE -> "It is not for this receiver alone.";
      case EVENT_NOT_CURRENT ->
          "It was signed too long ago, or the clocks of the two servers differ.";
      case EVENT_MALFORMED -> "The event, its subject or its time is not as it should be.";
      case BAD_CLAIM -> "A claim is missing, of the wrong type, or has no place here.";
      default -> "It is no signed token in the compact form.";
    };
  }

  private void refuse(
      HttpServletResponse response, String name, String error, String detailName, String detail)
      throws IOException {
    byte[] body =
        json.writeValueAsBytes(json.createObjectNode().put(name, error).put(detailName, detail));
    response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
