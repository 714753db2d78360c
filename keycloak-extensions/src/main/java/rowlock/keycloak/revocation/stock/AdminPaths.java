/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.stock;

/** The resource paths by which admin events identify an action. */
public final class AdminPaths {
  /** Of a user, followed by the id. */
  public static final String USERS = "users";

  /** Of a client, followed by the id. */
  public static final String CLIENTS = "clients";

  /** All sessions of a realm were ended. */
  public static final String LOGOUT_ALL = "logout-all";

  /** A not-before time was published, of a realm or of a client. */
  public static final String PUSH_REVOCATION = "push-revocation";

  /** All sessions of a user were ended. */
  public static final String LOGOUT = "logout";

  /** A password was set. */
  public static final String RESET_PASSWORD = "reset-password";

  /** A credential, followed by its id. */
  public static final String CREDENTIALS = "credentials";

  /** A consent, followed by the client. */
  public static final String CONSENTS = "consents";

  /** The end of the request's path of a partial import. */
  public static final String PARTIAL_IMPORT = "/partialImport";

  private AdminPaths() {}
}
