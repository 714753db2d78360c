/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Reads settings by the names of their environment variables. {@code ROWLOCK_JWKS_URI} is also
 * found as the property {@code rowlock.jwks.uri}. An unreadable value is an {@link
 * InvalidSettingException}.
 */
public final class Variables {
  private final Binder binder;

  /** Reads from the sources of Spring Boot: environment, system properties, files. */
  public Variables(Environment environment) {
    this.binder = Binder.get(environment);
  }

  /** Returns the value without surrounding blanks, or null if it is not set or blank. */
  public @Nullable String text(String variable) {
    var value = bind(variable, Bindable.of(String.class), "text");
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Returns the value without surrounding blanks, or the default if it is not set or blank. */
  public String text(String variable, String defaultValue) {
    return Objects.requireNonNullElse(text(variable), defaultValue);
  }

  /**
   * Returns a required value.
   *
   * @param whatToSet a sentence that explains the value to set
   * @throws InvalidSettingException if it is missing
   */
  public String required(String variable, String whatToSet) {
    var value = text(variable);
    if (value == null) {
      throw new InvalidSettingException(variable, "is missing. " + whatToSet);
    }
    return value;
  }

  /** Returns names separated by commas. */
  public List<String> names(String variable, List<String> defaultValue) {
    var names = bind(variable, Bindable.listOf(String.class), "names separated by commas");
    return names == null ? defaultValue : names.stream().map(String::strip).toList();
  }

  /** Returns {@code true} or {@code false}. */
  public boolean flag(String variable, boolean defaultValue) {
    return bind(variable, Bindable.of(Boolean.class), "true or false", defaultValue);
  }

  /** Returns a duration in the notation of Spring Boot, such as {@code 90s} or {@code 10m}. */
  public Duration duration(String variable, Duration defaultValue) {
    return bind(variable, Bindable.of(Duration.class), "a duration such as 10m", defaultValue);
  }

  /** Returns an integer. The caller checks its range. */
  public int number(String variable, int defaultValue) {
    return bind(
        variable, Bindable.of(Integer.class), "a number such as " + defaultValue, defaultValue);
  }

  /** Returns a TCP port; 0 lets the operating system choose. */
  public int port(String variable, int defaultValue) {
    int port =
        bind(
            variable,
            Bindable.of(Integer.class),
            "a port number such as " + defaultValue,
            defaultValue);
    if (port < 0 || port > 65_535) {
      throw new InvalidSettingException(variable, "must be a port number between 0 and 65535.");
    }
    return port;
  }

  /**
   * Returns a local IP address to listen on. Host names are rejected, because they depend on the
   * DNS.
   */
  public String address(String variable, String defaultValue) {
    var address = text(variable, defaultValue);
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          variable,
          "must be an IP address to listen on, such as 127.0.0.1, or 0.0.0.0 for all interfaces.");
    }
  }

  private <T> T bind(String variable, Bindable<T> type, String expected, T defaultValue) {
    return Objects.requireNonNullElse(bind(variable, type, expected), defaultValue);
  }

  private <T> @Nullable T bind(String variable, Bindable<T> type, String expected) {
    var property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
    try {
      return binder.bind(property, type).orElse(null);
    } catch (BindException e) {
      throw new InvalidSettingException(variable, "must be " + expected + ".");
    }
  }
}
