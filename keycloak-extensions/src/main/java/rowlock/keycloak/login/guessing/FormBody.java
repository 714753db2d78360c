/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.login.guessing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of a request (WHATWG URL §5.1), read before the server and put back for it. Accepts only
 * forms that both parse alike: in UTF-8, percent-encoded ASCII, of limited size.
 *
 * @param fields all values of each name, in order
 */
record FormBody(Map<String, List<String>> fields) {
  /** Large enough for a signed request object or assertion, which has some kilobytes. */
  static final int MAX_SIZE = 256 * 1024;

  /** Time limit for a whole body; a form of this size arrives in one or two packets. */
  static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  private static final int BUFFER = 8 * 1024;
  private static final String TYPE = "application/x-www-form-urlencoded";
  private static final Set<String> METHODS = Set.of("POST", "PUT", "PATCH");
  private static final Pattern UTF_8_OR_NONE =
      Pattern.compile("[^;]*+(;\\s*+charset=\"?utf-8\"?\\s*+)?", Pattern.CASE_INSENSITIVE);

  /** An unacceptable form, with the status of the answer. */
  static final class UnacceptableFormException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    UnacceptableFormException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * Reads the form of a request; ignores other bodies.
   *
   * @throws UnacceptableFormException with 415 for another charset, 413 for a large body, 408 for a
   *     slow one, 400 for one that cannot be decoded
   */
  static FormBody read(ContainerRequestContext request)
      throws IOException, UnacceptableFormException {
    var types = request.getHeaders().getOrDefault(HttpHeaders.CONTENT_TYPE, List.of());
    if (types.stream().noneMatch(type -> type.strip().toLowerCase(Locale.ROOT).startsWith(TYPE))) {
      return new FormBody(Map.of());
    }
    if (types.size() > 1 || isInAnotherCharset(types.get(0))) {
      throw new UnacceptableFormException(415, "Forms are read in UTF-8 only.");
    }
    if (!METHODS.contains(request.getMethod())) {
      return new FormBody(Map.of());
    }
    if (request.getLength() > MAX_SIZE) {
      throw new UnacceptableFormException(413, "The form is too large.");
    }
    var body = readAll(request.getEntityStream(), System::nanoTime);
    request.setEntityStream(new ByteArrayInputStream(body));
    return parse(new String(body, ISO_8859_1));
  }

  /**
   * Reads a body within {@link #READ_TIMEOUT}; the server's own timeout restarts with each byte.
   */
  static byte[] readAll(InputStream stream, LongSupplier nanoTime)
      throws IOException, UnacceptableFormException {
    var start = nanoTime.getAsLong();
    var body = new ByteArrayOutputStream();
    var buffer = new byte[BUFFER];
    for (var read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      body.write(buffer, 0, read);
      if (body.size() > MAX_SIZE) {
        throw new UnacceptableFormException(413, "The form is too large.");
      }
      if (nanoTime.getAsLong() - start > READ_TIMEOUT.toNanos()) {
        throw new UnacceptableFormException(408, "The form did not arrive in time.");
      }
    }
    return body.toByteArray();
  }

  private static boolean isInAnotherCharset(String type) {
    return type.toLowerCase(Locale.ROOT).contains("charset")
        && !UTF_8_OR_NONE.matcher(type).matches();
  }

  static FormBody parse(String body) throws UnacceptableFormException {
    if (body.chars().anyMatch(one -> one > 0x7e)) {
      throw new UnacceptableFormException(400, "The form is not percent-encoded.");
    }
    var fields = new HashMap<String, List<String>>();
    try {
      for (var field : body.split("&")) {
        var equals = field.indexOf('=');
        var name = equals < 0 ? field : field.substring(0, equals);
        var value = equals < 0 ? "" : field.substring(equals + 1);
        fields
            .computeIfAbsent(URLDecoder.decode(name, UTF_8), key -> new ArrayList<>())
            .add(URLDecoder.decode(value, UTF_8));
      }
    } catch (IllegalArgumentException e) {
      throw new UnacceptableFormException(400, "The form is not percent-encoded.");
    }
    return new FormBody(Map.copyOf(fields));
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  List<String> all(String name) {
    return fields.getOrDefault(name, List.of());
  }

  /**
   * Returns the first value, which is the one that the server uses if a name is repeated, or null
   * if there is none.
   */
  @Nullable String first(String name) {
    var values = all(name);
    return values.isEmpty() ? null : values.get(0);
  }
}
