/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a receiver, which are attributes of its client.
 *
 * @param pushUrl the URL to push events to; null if it only polls
 * @param timeout for a push that a request waits for
 * @param poll whether it polls for events
 */
record ReceiverSettings(@Nullable URI pushUrl, Duration timeout, boolean poll) {
  static final String PUSH_URL = "rowlock.events.push.url";
  static final String PUSH_TIMEOUT = "rowlock.events.push.timeout-ms";
  static final String PUSH_INSECURE = "rowlock.events.push.allow-http";
  static final String POLL = "rowlock.events.poll";

  /** The attributes of which one makes a client a receiver. */
  static final List<String> NAMES = List.of(PUSH_URL, POLL);

  static final int DEFAULT_TIMEOUT = 800;
  static final int MIN_TIMEOUT = 50;

  /** Below the time that a request waits for all receivers. */
  static final int MAX_TIMEOUT = 800;

  private static final Set<String> LOOPBACK =
      Set.of("localhost", "127.0.0.1", "[::1]", "0:0:0:0:0:0:0:1");

  /** An invalid value; the message is for the administrator who set it. */
  static final class InvalidSetting extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSetting(String name, String reason) {
      super(name + " " + reason);
    }
  }

  /** Returns whether the client is a receiver. */
  boolean isReceiver() {
    return pushUrl != null || poll;
  }

  /**
   * Reads and validates the settings.
   *
   * @param attributes value by name, null if missing
   * @throws InvalidSetting if a value is invalid
   */
  static ReceiverSettings of(Function<String, @Nullable String> attributes) {
    var url = given(attributes, PUSH_URL, "");
    var insecure = flag(attributes, PUSH_INSECURE);
    return new ReceiverSettings(
        url.isEmpty() ? null : address(url, insecure),
        timeout(given(attributes, PUSH_TIMEOUT, String.valueOf(DEFAULT_TIMEOUT))),
        flag(attributes, POLL));
  }

  private static URI address(String text, boolean insecure) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new InvalidSetting(PUSH_URL, "is no URL: " + e.getReason());
    }
    var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!Set.of("https", "http").contains(scheme) || uri.getHost() == null) {
      throw new InvalidSetting(
          PUSH_URL, "must be an absolute URL such as https://api.example.org/events");
    }
    if (uri.getUserInfo() != null || uri.getFragment() != null) {
      throw new InvalidSetting(PUSH_URL, "must have no user name and no fragment");
    }
    if (scheme.equals("http") && !insecure && !LOOPBACK.contains(uri.getHost())) {
      throw new InvalidSetting(
          PUSH_URL,
          "must be https, or http on this machine only (or set " + PUSH_INSECURE + "=true)");
    }
    return uri;
  }

  private static Duration timeout(String text) {
    if (text.matches("[0-9]{1,6}")) {
      var millis = Integer.parseInt(text);
      if (millis >= MIN_TIMEOUT && millis <= MAX_TIMEOUT) {
        return Duration.ofMillis(millis);
      }
    }
    throw new InvalidSetting(
        PUSH_TIMEOUT,
        "must be a number of milliseconds from "
            + MIN_TIMEOUT
            + " to "
            + MAX_TIMEOUT
            + ": a logout waits for it");
  }

  private static boolean flag(Function<String, @Nullable String> attributes, String name) {
    var value = given(attributes, name, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new InvalidSetting(name, "must be true or false");
    }
    return value.equals("true");
  }

  private static String given(
      Function<String, @Nullable String> attributes, String name, String defaultValue) {
    var value = attributes.apply(name);
    return value == null || value.isBlank() ? defaultValue : value.strip();
  }
}
