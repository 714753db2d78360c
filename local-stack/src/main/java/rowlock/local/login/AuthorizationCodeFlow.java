/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rowlock.local.mail.Mailbox;

/**
 * Runs the authorization code flow of a public native client (RFC 6749 §4.1, RFC 8252) with PKCE
 * S256 (RFC 7636), through the pages that a user sees. Each login has its own browser and therefore
 * its own session. Thread-safe.
 */
public final class AuthorizationCodeFlow {
  /** No server listens there; the browser stops before the redirect. */
  private static final URI LOOPBACK = URI.create("http://127.0.0.1:7777/callback");

  private final AuthorizationServer server;
  private final String clientId;
  private final String scope;
  private final URI redirect;
  private final Map<String, String> parameters;
  private final @Nullable Mailbox mailbox;

  private AuthorizationCodeFlow(
      AuthorizationServer server,
      String clientId,
      String scope,
      URI redirect,
      Map<String, String> parameters,
      @Nullable Mailbox mailbox) {
    this.server = server;
    this.clientId = clientId;
    this.scope = scope;
    this.redirect = redirect;
    this.parameters = Map.copyOf(parameters);
    this.mailbox = mailbox;
  }

  /** Uses a public client of an issuer, with the scope {@code openid}. */
  public AuthorizationCodeFlow(String issuer, String clientId) {
    this(AuthorizationServer.of(issuer), clientId, "openid", LOOPBACK, Map.of(), null);
  }

  /** Returns a copy with other scopes, separated by spaces. */
  public AuthorizationCodeFlow withScope(String newScope) {
    return new AuthorizationCodeFlow(server, clientId, newScope, redirect, parameters, mailbox);
  }

  /** Returns a copy that requests tokens bound to this key (RFC 9449). */
  public AuthorizationCodeFlow withKey(DpopKey key) {
    return new AuthorizationCodeFlow(
        server.withKey(key), clientId, scope, redirect, parameters, mailbox);
  }

  /**
   * Returns a copy with one more parameter of the authorization request, {@code ui_locales} for
   * example.
   */
  public AuthorizationCodeFlow with(String parameter, String value) {
    var more = new LinkedHashMap<>(parameters);
    more.put(parameter, value);
    return new AuthorizationCodeFlow(server, clientId, scope, redirect, more, mailbox);
  }

  /** Returns a copy for a client with another redirect URI. The browser stops there as well. */
  public AuthorizationCodeFlow withRedirect(URI newRedirect) {
    return new AuthorizationCodeFlow(server, clientId, scope, newRedirect, parameters, mailbox);
  }

  /**
   * Returns a copy for users whose mails are in this mailbox. They follow the links in their mails.
   */
  public AuthorizationCodeFlow withMail(Mailbox newMailbox) {
    return new AuthorizationCodeFlow(server, clientId, scope, redirect, parameters, newMailbox);
  }

  /**
   * Signs a user in.
   *
   * @throws IllegalStateException if the login page stays; the message contains its text
   */
  public Tokens login(String user, String password) {
    var attempt = begin();
    return attempt.finish(
        attempt
            .loginPage()
            .submit("kc-form-login", Map.of("username", user, "password", password)));
  }

  /**
   * Registers a user by the link on the login page. The names are filled in where the page asks for
   * them. If the realm requires a confirmed address first, the user follows the link in the mail
   * and then chooses the password.
   *
   * @throws IllegalStateException if the registration page stays; the message contains its text
   */
  public Tokens register(String email, String password, String first, String last) {
    var attempt = begin();
    var form = attempt.loginPage().follow("a[href*='login-actions/registration']");
    var fields = new LinkedHashMap<String, String>();
    fields.put("email", email);
    // a realm that sends a mail first asks for the password after the confirmation
    if (form.document().selectFirst("[name=password]") != null) {
      fields.put("password", password);
      fields.put("password-confirm", password);
    }
    // a realm may ask for names never, or only for clients with the scope profile
    if (form.document().selectFirst("[name=firstName]") != null) {
      fields.put("firstName", first);
      fields.put("lastName", last);
    }
    return attempt.finish(confirmed(form.submit("kc-register-form", fields), email, password));
  }

  private Page confirmed(Page page, String email, String password) {
    if (mailbox == null || page.callback() != null || page.hasForm("kc-register-form")) {
      return page;
    }
    var next = page.openMail(mailbox.await(email).link());
    return next.hasForm("kc-passwd-update-form")
        ? next.submit(
            "kc-passwd-update-form", Map.of("password-new", password, "password-confirm", password))
        : next;
  }

  /** Exchanges a refresh token (RFC 6749 §6). @throws OAuthException if it is refused */
  public Tokens refresh(String refreshToken) {
    return server.tokens(
        Map.of(
            "grant_type", "refresh_token", "client_id", clientId, "refresh_token", refreshToken));
  }

  /** Revokes a token (RFC 7009). A refresh token ends its session. */
  public void revoke(String token) {
    server.post("revocation_endpoint", Map.of("client_id", clientId, "token", token));
  }

  /** Ends the session of a refresh token at Keycloak's logout endpoint, without a page. */
  public void logout(String refreshToken) {
    server.post(
        "end_session_endpoint", Map.of("client_id", clientId, "refresh_token", refreshToken));
  }

  /** Opens the login page in a new browser, for tests that look at the pages in between. */
  public Attempt begin() {
    return begin(new BrowserSession(redirect));
  }

  /** Returns a new browser for several logins in a row by {@link #begin(BrowserSession)}. */
  public BrowserSession newBrowser() {
    return new BrowserSession(redirect);
  }

  /** Opens the login page in a browser of {@link #newBrowser()}, which may already be signed in. */
  public Attempt begin(BrowserSession browser) {
    var pkce = Pkce.generate();
    var state = Pkce.random();
    var query = new LinkedHashMap<String, String>();
    query.put("response_type", "code");
    query.put("client_id", clientId);
    query.put("redirect_uri", redirect.toString());
    query.put("scope", scope);
    query.put("state", state);
    query.put("code_challenge", pkce.challenge());
    query.put("code_challenge_method", "S256");
    query.putAll(parameters);
    var address = URI.create(server.endpoint("authorization_endpoint") + "?" + Forms.encode(query));
    return new Attempt(browser.open(address), state, pkce.verifier());
  }

  /** Represents one run of the flow, from the first page to the tokens. */
  public final class Attempt {
    private final Page first;
    private final String state;
    private final String verifier;

    private Attempt(Page first, String state, String verifier) {
      this.first = first;
      this.state = state;
      this.verifier = verifier;
    }

    /**
     * Returns the page of the authorization endpoint: the login form, or the callback if the
     * browser is signed in.
     */
    public Page loginPage() {
      return first;
    }

    /**
     * Exchanges the code of the last page.
     *
     * @throws IllegalStateException if the page is not the callback; the message contains its text
     * @throws OAuthException if the callback or the token endpoint returns an error
     */
    public Tokens finish(Page last) {
      var callback = last.callback();
      if (callback == null) {
        throw new IllegalStateException(
            "Not signed in, the page (" + last.status() + ") says: " + last.text());
      }
      if (callback.containsKey("error")) {
        throw new OAuthException(
            last.status(), callback.get("error"), callback.getOrDefault("error_description", ""));
      }
      var code = callback.get("code");
      if (code == null || !state.equals(callback.get("state"))) {
        throw new IllegalStateException(
            "The callback has no code, or the state of another request");
      }
      return server.tokens(
          Map.of(
              "grant_type", "authorization_code",
              "client_id", clientId,
              "code", code,
              "redirect_uri", redirect.toString(),
              "code_verifier", verifier));
    }
  }
}
