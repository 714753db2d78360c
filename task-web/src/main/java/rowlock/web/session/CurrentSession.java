/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** Holds the session state of the current request, which {@link SessionFilter} sets. */
public final class CurrentSession {
  private static final String ATTRIBUTE = CurrentSession.class.getName();

  private CurrentSession() {}

  static void put(HttpServletRequest request, SessionState state) {
    request.setAttribute(ATTRIBUTE, state);
  }

  /** Returns the session state; absent if the filter did not apply to the path. */
  public static SessionState of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof SessionState state
        ? state
        : new SessionState.Absent(EndReason.NONE);
  }

  /**
   * Returns whether the session cookie of the request is malformed or occurs twice. A well-formed
   * cookie without a session is not unknown: its row may have been deleted.
   */
  public static boolean isUnknown(HttpServletRequest request) {
    return of(request) instanceof SessionState.Absent absent
        && absent.reason() == EndReason.NONE
        && SessionCookie.isPresent(request);
  }

  /** Returns a repository of CSRF tokens that are derived from the session and not stored. */
  public static CsrfTokenRepository csrfTokens() {
    return new CsrfTokens();
  }

  private static final class CsrfTokens implements CsrfTokenRepository {
    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
      return token(
          UUID.randomUUID().toString()); // matches no request: without a session no token is valid
    }

    @Override
    public void saveToken(
        @Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
      // derived from the session
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
      return of(request) instanceof SessionState.Live live
          ? token(live.session().secret().csrf())
          : null;
    }

    private static CsrfToken token(String value) {
      return new DefaultCsrfToken("X-CSRF-Token", "_csrf", value);
    }
  }
}
