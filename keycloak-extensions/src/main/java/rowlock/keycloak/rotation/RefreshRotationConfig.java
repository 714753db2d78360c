/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import jakarta.ws.rs.BadRequestException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;

/**
 * Settings of the executor {@code refresh-rotation}. A missing setting has its default; an unknown
 * name or value is an error, because a misspelt setting would silently disable the protection.
 */
class RefreshRotationConfig extends ClientPolicyExecutorConfigurationRepresentation {
  static final String GRACE = "grace-seconds";
  static final String MODE = "mode";
  static final String ON_REUSE = "on-reuse";

  static final int DEFAULT_GRACE = 10;
  static final int MAX_GRACE = 60;

  /** Condition under which a used token is accepted again. */
  enum Mode {
    /** Within the grace window. */
    WINDOW("window"),
    /**
     * Within the grace window, or while the successor is unused: for answers that were lost for
     * longer.
     */
    UNTIL_SUCCESSOR_USED("until-successor-used");

    private final String value;

    Mode(String value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /** Sessions that a token reuse ends. */
  enum OnReuse {
    CLIENT_SESSION("client-session"),
    USER_SESSION("user-session"),
    ALL_SESSIONS("all-sessions");

    private final String value;

    OnReuse(String value) {
      this.value = value;
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /** An invalid setting. The message names it and the allowed values. */
  static final class InvalidSetting extends RuntimeException {
    InvalidSetting(String message) {
      super(message);
    }
  }

  /** Returns how long a used token is accepted again; zero for never. */
  Duration grace() {
    var value = text(GRACE);
    if (value == null) {
      return Duration.ofSeconds(DEFAULT_GRACE);
    }
    if (!value.matches("[0-9]{1,3}") || Integer.parseInt(value) > MAX_GRACE) {
      throw new InvalidSetting(GRACE + " must be a whole number from 0 to " + MAX_GRACE);
    }
    return Duration.ofSeconds(Integer.parseInt(value));
  }

  Mode mode() {
    return oneOf(MODE, Mode.values(), Mode.WINDOW);
  }

  OnReuse onReuse() {
    return oneOf(ON_REUSE, OnReuse.values(), OnReuse.USER_SESSION);
  }

  /**
   * Returns all settings.
   *
   * @throws InvalidSetting for the first invalid one
   */
  RotationRules rules() {
    var unknown = new TreeSet<>(getConfigAsMap().keySet());
    unknown.removeAll(Set.of(GRACE, MODE, ON_REUSE));
    if (!unknown.isEmpty()) {
      throw new InvalidSetting("Unknown setting " + unknown.first());
    }
    return new RotationRules(grace(), mode(), onReuse());
  }

  /**
   * Called by the server before it saves the profile. The server's answer to {@code false} contains
   * no reason, hence the exception: status 400 with the reason.
   */
  @Override
  public boolean validateConfig() {
    try {
      rules();
      return true;
    } catch (InvalidSetting e) {
      throw new BadRequestException(RefreshRotationExecutorFactory.ID + ": " + e.getMessage(), e);
    }
  }

  private <T extends Enum<T>> T oneOf(String name, T[] allowed, T defaultValue) {
    var value = text(name);
    if (value == null) {
      return defaultValue;
    }
    return Arrays.stream(allowed)
        .filter(one -> one.toString().equals(value))
        .findFirst()
        .orElseThrow(() -> new InvalidSetting(name + " must be one of " + List.of(allowed)));
  }

  private @Nullable String text(String name) {
    var value = getConfigAsMap().get(name);
    // the console sends a cleared field as an empty text
    return value == null || value.toString().isBlank() ? null : value.toString();
  }
}
