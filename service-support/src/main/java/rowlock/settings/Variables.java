/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.settings;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The settings as a person sets them, by the names of their environment variables. {@code
 * ROWLOCK_JWKS_URI} is also found as the property {@code rowlock.jwks.uri}. What cannot be read is
 * an {@link InvalidSettingException}.
 */
public final class Variables {

  private final Binder binder;

  /** Reads from what Spring Boot has gathered: environment, system properties, files. */
  public Variables(Environment environment) {
    this.binder = Binder.get(environment);
  }

  /** The value without surrounding blanks; empty when it is not set or blank. */
  public Optional<String> text(String variable) {
    return bind(variable, Bindable.of(String.class), "text")
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /**
   * The value, which must be there.
   *
   * @param whatToSet a sentence for the person who has not set it
   * @throws InvalidSettingException if it is not
   */
  public String required(String variable, String whatToSet) {
    return text(variable)
        .orElseThrow(() -> new InvalidSettingException(variable, "is missing. " + whatToSet));
  }

  /** Names separated by commas; empty when it is not set. */
  public Optional<List<String>> names(String variable) {
    return bind(variable, Bindable.listOf(String.class), "names separated by commas")
        .map(names -> names.stream().map(String::strip).toList());
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String variable, boolean otherwise) {
    return bind(variable, Bindable.of(Boolean.class), "true or false").orElse(otherwise);
  }

  /** A duration in the notation of Spring Boot, such as {@code 90s} or {@code 10m}. */
  public Duration duration(String variable, Duration otherwise) {
    return bind(variable, Bindable.of(Duration.class), "a duration such as 10m").orElse(otherwise);
  }

  /** A whole number, of any size that the caller will check. */
  public int number(String variable, int otherwise) {
    return bind(variable, Bindable.of(Integer.class), "a number such as " + otherwise)
        .orElse(otherwise);
  }

  /** A TCP port; 0 lets the operating system choose. */
  public int port(String variable, int otherwise) {
    int port =
        bind(variable, Bindable.of(Integer.class), "a port number such as " + otherwise)
            .orElse(otherwise);
    if (port < 0 || port > 65_535) {
      throw new InvalidSettingException(variable, "must be a port number between 0 and 65535.");
    }
    return port;
  }

  /**
   * An IP address of this machine to listen on. A host name is refused: what it resolves to is
   * decided elsewhere.
   */
  public String address(String variable, String otherwise) {
    String address = text(variable).orElse(otherwise);
    try {
      return InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException notAnAddress) {
      throw new InvalidSettingException(
          variable,
          "must be an IP address to listen on, such as 127.0.0.1, or 0.0.0.0 for all interfaces.");
    }
  }

  private <T> Optional<T> bind(String variable, Bindable<T> type, String expected) {
    String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
    try {
      return Optional.ofNullable(binder.bind(property, type).orElse(null));
    } catch (BindException unreadable) {
      throw new InvalidSettingException(variable, "must be " + expected + ".");
    }
  }
}
