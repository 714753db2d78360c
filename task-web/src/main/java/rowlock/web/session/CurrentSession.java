/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The session of the request that is being answered, as {@link SessionFilter} has found it. */
public final class CurrentSession {

  private static final String ATTRIBUTE = CurrentSession.class.getName();

  private CurrentSession() {}

  static void put(HttpServletRequest request, SessionState state) {
    request.setAttribute(ATTRIBUTE, state);
  }

  /** Nobody's, where it was not looked for. */
  public static SessionState of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof SessionState state
        ? state
        : new SessionState.Gone(EndReason.NONE);
  }

  /**
   * Returns whether the session cookie of the request cannot be one of ours, or is there twice. A
   * well-formed cookie without a session is not counted: its session may have been deleted.
   */
  public static boolean isUnknown(HttpServletRequest request) {
    return of(request) instanceof SessionState.Gone gone
        && gone.reason() == EndReason.NONE
        && SessionCookie.isPresent(request);
  }

  /** Tokens that belong to the session, and need no place of their own. */
  public static CsrfTokenRepository csrfTokens() {
    return new CsrfTokens();
  }

  private static final class CsrfTokens implements CsrfTokenRepository {

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
      return token(UUID.randomUUID().toString()); // nobody knows it: without a session none is good
    }

    @Override
    public void saveToken(
        @Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
      // it follows from the session
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
