/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * An issuer of access tokens for tests: publishes metadata and keys over HTTP and signs tokens with
 * any header and claims. It can delay or refuse its answers. Thread-safe.
 */
public final class TestIssuer implements AutoCloseable {
  /** The audience of the tokens, which is the default value of {@code ROWLOCK_AUDIENCE}. */
  public static final String AUDIENCE = "task-api";

  /** The scope of the tokens: what the clients of the realm {@code rowlock} get for task-api. */
  public static final String SCOPE = "tasks.read tasks.write";

  private final HttpServer server;
  private final AtomicInteger keyFetches = new AtomicInteger();
  private volatile List<JWK> published = List.of();
  private volatile String rawKeySet = "";
  private volatile String claimedIssuer;
  private volatile String claimedKeys;
  private volatile HttpHandler keySource = this::answerKeys;
  private volatile int status = 200;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Starts an issuer that publishes no key yet. */
  public TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    claimedIssuer = url();
    claimedKeys = jwksUrl();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/realms/test/.well-known/openid-configuration", this::metadata);
    server.createContext("/realms/test/certs", this::keys);
    server.start();
  }

  /**
   * Returns the issuer that all tests of this JVM share, which publishes {@link #sharedKey()}. A
   * test that changes what an issuer answers makes its own.
   */
  public static TestIssuer shared() {
    return Shared.ISSUER;
  }

  /** Returns the signing key of {@link #shared()}. */
  public static RSAKey sharedKey() {
    return Shared.KEY;
  }

  /** Returns the {@code iss} of the tokens. */
  public String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/realms/test";
  }

  /** Returns the address of the key set. */
  public String jwksUrl() {
    return url() + "/certs";
  }

  /** Returns the number of requests for the key set. */
  public int keyFetches() {
    return keyFetches.get();
  }

  /** Publishes the public halves of these keys and no others. */
  public TestIssuer publish(JWK... keys) {
    published = List.of(keys);
    rawKeySet = "";
    return this;
  }

  /** Answers requests for keys with this text. */
  public TestIssuer publishRaw(String document) {
    rawKeySet = document;
    return this;
  }

  /** Answers all further requests with this status. */
  public TestIssuer answering(int newStatus) {
    status = newStatus;
    return this;
  }

  /** States this issuer in the metadata. */
  public TestIssuer claiming(String issuer) {
    claimedIssuer = issuer;
    return this;
  }

  /** States this address of the keys in the metadata. */
  public TestIssuer claimingKeysAt(String address) {
    claimedKeys = address;
    return this;
  }

  /**
   * Answers all further requests for keys with this handler, which overrides the other settings.
   */
  public TestIssuer answeringKeysBy(HttpHandler handler) {
    keySource = handler;
    return this;
  }

  /** Answers requests for a path below {@link #url()} with this handler. */
  public TestIssuer answering(String path, HttpHandler handler) {
    server.createContext("/realms/test" + path, handler);
    return this;
  }

  /** Delays all answers until the returned latch is counted down. */
  public CountDownLatch hang() {
    var latch = new CountDownLatch(1);
    gate = latch;
    return latch;
  }

  /** Generates an RSA key of 2048 bits for PS256. */
  public static RSAKey newKey(String kid) {
    try {
      return new RSAKeyGenerator(2048)
          .keyID(kid)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.PS256)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the claims of a valid token of this user with a new session, in a map to change. */
  public Map<String, Object> claims(UUID subject) {
    var now = Instant.now();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", url());
    claims.put("aud", List.of(AUDIENCE));
    claims.put("sub", subject.toString());
    claims.put("sid", UUID.randomUUID().toString());
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("client_id", "task-cli");
    claims.put("typ", "Bearer");
    claims.put("scope", SCOPE);
    claims.put("email", "someone@example.org");
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plusSeconds(300).getEpochSecond());
    return claims;
  }

  /** Returns a valid token of this user with a new session. */
  public String token(RSAKey key, UUID subject) {
    return sign(key, header(key), claims(subject));
  }

  /** Returns a signed token of a new user, whose claims were changed before. */
  public String token(RSAKey key, Consumer<Map<String, Object>> change) {
    var claims = claims(UUID.randomUUID());
    change.accept(claims);
    return sign(key, header(key), claims);
  }

  /** Returns the header of a valid token, in a map to change. */
  public static Map<String, Object> header(RSAKey key) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("alg", "PS256");
    header.put("typ", "at+jwt");
    header.put("kid", key.getKeyID());
    return header;
  }

  /** Signs a token by PS256, independently of its header. */
  public static String sign(RSAKey key, Map<String, Object> header, Map<String, Object> claims) {
    return signRaw(key, JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
  }

  /** Signs any two texts by PS256; they need not be JSON. */
  public static String signRaw(RSAKey key, String header, String payload) {
    var input =
        Base64URL.encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + Base64URL.encode(payload.getBytes(StandardCharsets.UTF_8));
    try {
      var signer = new RSASSASigner(key);
      return input
          + "."
          + signer.sign(
              new JWSHeader(JWSAlgorithm.PS256), input.getBytes(StandardCharsets.US_ASCII));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void metadata(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        JSONObjectUtils.toJSONString(Map.of("issuer", claimedIssuer, "jwks_uri", claimedKeys)));
  }

  private void keys(HttpExchange exchange) throws IOException {
    keyFetches.incrementAndGet();
    keySource.handle(exchange);
  }

  private void answerKeys(HttpExchange exchange) throws IOException {
    answer(exchange, rawKeySet.isEmpty() ? new JWKSet(published).toString(true) : rawKeySet);
  }

  private void answer(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      gate.await();
      var body = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
  }

  private static final class Shared {
    static final RSAKey KEY = newKey("key-1");
    static final TestIssuer ISSUER = new TestIssuer().publish(KEY);
  }
}
