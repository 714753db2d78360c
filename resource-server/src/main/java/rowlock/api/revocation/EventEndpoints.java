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
 * Receives events from the issuer: security event tokens (RFC 8935) and logout tokens (OpenID
 * Connect Back-Channel Logout). Neither endpoint takes an access token, because the events are
 * signed. An event is acknowledged after it is committed.
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
    var refusal = refusal(Channel.PUSH, body(request), request);
    if (refusal == null) {
      response.setStatus(HttpServletResponse.SC_ACCEPTED);
      return;
    }
    response.setHeader("Content-Language", "en"); // RFC 8935 §2.3
    refuse(response, "err", errorOf(refusal), "description", describe(refusal));
  }

  @PostMapping(path = LOGOUT, consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
  void logout(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var token = logoutToken(body(request));
    var refusal = token == null ? Refusal.MALFORMED_TOKEN : refusal(Channel.LOGOUT, token, request);
    if (refusal == null) {
      response.setStatus(HttpServletResponse.SC_OK);
      return;
    }
    refuse(response, "error", "invalid_request", "error_description", describe(refusal));
  }

  /** Reads the body. Bytes over the limit fail; tokens contain ASCII only. */
  private static String body(HttpServletRequest request) throws IOException {
    return new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /**
   * Rejects requests from browsers: a form of another site would spend the budget of the visitor's
   * address, which may be that of the issuer. A server sends neither header.
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

  /** Returns the only parameter of this name in a form; ignores other parameters. */
  private static @Nullable String logoutToken(String form) {
    String token = null;
    for (var parameter : form.split("&", -1)) {
      if (parameter.startsWith(PARAMETER)) {
        if (token != null) {
          return null;
        }
        token = parameter.substring(PARAMETER.length());
      }
    }
    try {
      return token == null ? null : URLDecoder.decode(token, StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the error code of RFC 8935 §2.4. */
  private static String errorOf(Refusal refusal) {
    return switch (refusal) {
      case WRONG_ISSUER -> "invalid_issuer";
      case WRONG_AUDIENCE -> "invalid_audience";
      case UNKNOWN_KEY, BAD_KEY_ID, EMBEDDED_KEY, WRONG_ALGORITHM -> "invalid_key";
      case BAD_SIGNATURE -> "authentication_failed";
      default -> "invalid_request";
    };
  }

  /**
   * Returns enough for an operator of the issuer to correct the configuration, but no part of the
   * request.
   */
  private static String describe(Refusal refusal) {
    return switch (refusal) {
      case WRONG_TYPE -> "The typ header is wrong.";
      case WRONG_ALGORITHM -> "The algorithm is not accepted.";
      case UNKNOWN_KEY -> "The key is not in the key set of the issuer.";
      case BAD_SIGNATURE -> "The signature is invalid.";
      case WRONG_ISSUER -> "The issuer is not the configured one.";
      case WRONG_AUDIENCE -> "The audience is not exactly this receiver.";
      case EVENT_NOT_CURRENT ->
          "It was signed too long ago, or the clocks of the two servers differ.";
      case EVENT_MALFORMED -> "The event, its subject or its time is malformed.";
      case BAD_CLAIM -> "A claim is missing, of the wrong type, or not allowed.";
      default -> "It is not a signed token in compact serialization.";
    };
  }

  private void refuse(
      HttpServletResponse response, String name, String error, String detailName, String detail)
      throws IOException {
    var body =
        json.writeValueAsBytes(json.createObjectNode().put(name, error).put(detailName, detail));
    response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
