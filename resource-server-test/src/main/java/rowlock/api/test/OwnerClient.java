/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sends requests with the access token of one owner; see {@link RowlockClient#as}. Thread-safe. */
public final class OwnerClient {
  private final RowlockClient client;
  private final RequestCalls calls;
  private final UUID owner;
  private final String token;

  OwnerClient(RowlockClient client, RequestCalls calls, UUID owner, String token) {
    this.client = client;
    this.calls = calls;
    this.owner = owner;
    this.token = token;
  }

  /** Returns the owner's id, which is the {@code sub} of the token. */
  public UUID owner() {
    return owner;
  }

  /** Returns the access token. */
  public String token() {
    return token;
  }

  /** Returns a request with the access token. */
  public HttpRequest.Builder request(String path) {
    return client.request(path).header("Authorization", "Bearer " + token);
  }

  /** Sends a GET request. */
  public HttpResponse<String> get(String path) {
    return send("GET", path, null);
  }

  /** Sends a POST request with a JSON body. */
  public HttpResponse<String> post(String path, String json) {
    return send("POST", path, json);
  }

  /** Sends a PUT request with a JSON body. */
  public HttpResponse<String> put(String path, String json) {
    return send("PUT", path, json);
  }

  /** Sends a DELETE request. */
  public HttpResponse<String> delete(String path) {
    return send("DELETE", path, null);
  }

  /**
   * Sends a request.
   *
   * @param json the body; null for none
   * @return the answer, whatever its status
   */
  public HttpResponse<String> send(String method, String path, @Nullable String json) {
    var request = request(path);
    if (json == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, BodyPublishers.ofString(json));
    }
    return client.send(request);
  }

  /**
   * Runs code inside a real request of this owner: a signed token is sent over HTTP, passes all
   * filters, and the code runs on the thread that serves the request.
   *
   * @return what the code returns
   * @throws X what the code throws; its stack trace is that of the request's thread
   * @throws IllegalStateException if the request is rejected before the code runs, with the answer
   */
  public <T extends @Nullable Object, X extends Exception> T run(ThrowingCall<? extends T, X> code)
      throws X {
    var id = UUID.randomUUID();
    var call = calls.add(id, code);
    HttpResponse<String> answer;
    try {
      answer = send("POST", RequestCallController.PATH + id, null);
    } finally {
      calls.remove(id);
    }
    if (!call.outcome().isDone()) {
      throw new IllegalStateException(
          "The request was answered " + answer.statusCode() + " " + answer.body());
    }
    try {
      return call.outcome().join();
    } catch (CompletionException e) {
      throw OwnerClient.<X>unwrapped(e);
    }
  }

  /** Runs code without a result; see {@link #run(ThrowingCall)}. */
  public <X extends Exception> void run(ThrowingRun<X> code) throws X {
    this.<@Nullable Void, X>run(
        () -> {
          code.run();
          return null;
        });
  }

  /** The code throws nothing but {@code X}, unchecked exceptions and errors. */
  @SuppressWarnings("unchecked")
  private static <X extends Exception> X unwrapped(CompletionException thrown) {
    var cause = thrown.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    return (X) (cause == null ? thrown : cause);
  }
}
