/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.revocation;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The polling endpoint of the issuer: events in order, pages of two, the number of the next one as
 * cursor; authenticates the API by its published key.
 */
final class TestOutbox {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PAGE = 2;

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
  private final String issuer;
  private volatile String keySet = "";
  private volatile int status = 200;
  private volatile String prefix = "";
  private volatile String raw = "";
  private volatile @Nullable Set<String> existing = Set.of();

  TestOutbox(String issuer) {
    this.issuer = issuer;
  }

  /** Authenticates the API by these keys from now on; before, requests are not authenticated. */
  void knows(String document) {
    keySet = document;
  }

  void add(String event) {
    events.add(event);
  }

  void answer(int newStatus) {
    status = newStatus;
  }

  /** Answers all requests with this response. */
  void answer(String body) {
    raw = body;
  }

  /** The accounts that exist; null: the query is not supported. */
  void existing(@Nullable Set<String> accounts) {
    existing = accounts;
  }

  /** Invalidates all cursors issued so far. */
  void forgetCursors() {
    prefix = "new-";
  }

  /** The received requests, including rejected ones. */
  List<Map<String, String>> requests() {
    return requests;
  }

  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var form = form(exchange);
      requests.add(form);
      var since = form.get("since");
      var isUnknownCursor = since != null && !since.startsWith(prefix);
      var answered = status != 200 ? status : !isKnown(form) ? 401 : isUnknownCursor ? 400 : status;
      var body =
          (raw.isEmpty() ? document(form, answered == 200 ? since : null) : raw)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answered, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String document(Map<String, String> form, String since) {
    var accounts = existing;
    var asked = form.get("accounts");
    if (asked == null || accounts == null) {
      return page(since);
    }
    var answer = JSON.createObjectNode();
    var list = answer.putArray("existing");
    Arrays.stream(asked.split(" ")).filter(accounts::contains).forEach(list::add);
    return answer.toString();
  }

  private String page(String since) {
    List<String> all = new ArrayList<>(events);
    var from = since == null ? 0 : Integer.parseInt(since.substring(prefix.length()));
    var to = Math.min(all.size(), from + PAGE);
    var answer = JSON.createObjectNode();
    var sets = answer.putObject("sets");
    for (var i = from; i < to; i++) {
      sets.put("event-" + i, all.get(i));
    }
    return answer.put("next", prefix + to).put("moreAvailable", to < all.size()).toString();
  }

  private boolean isKnown(Map<String, String> form) {
    if (keySet.isEmpty()) {
      return true;
    }
    try {
      var assertion = SignedJWT.parse(form.get("client_assertion"));
      var key = JWKSet.parse(keySet).getKeyByKeyId(assertion.getHeader().getKeyID());
      var verifier =
          key instanceof ECKey ec ? new ECDSAVerifier(ec) : new RSASSAVerifier(key.toRSAKey());
      var claims = assertion.getJWTClaimsSet();
      var in2Minutes = Date.from(Instant.now().plusSeconds(120));
      return assertion.verify(verifier)
          && claims.getIssuer().equals("task-api")
          && claims.getSubject().equals("task-api")
          && claims.getAudience().equals(List.of(issuer))
          && claims.getJWTID() != null
          && claims.getExpirationTime().before(in2Minutes);
    } catch (Exception e) {
      return false;
    }
  }

  private static Map<String, String> form(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> form = new LinkedHashMap<>();
    for (var field : body.split("&")) {
      var parts = field.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }
}
