/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.server;

import org.jspecify.annotations.Nullable;

/**
 * Names a server and the account with which the program signs in.
 *
 * @param url of the server, without {@code /admin} and {@code /realms}
 * @param realm of the account
 * @param clientId of the client; with a secret and no user, its service account is used
 * @param clientSecret null for a public client
 * @param user null for a service account
 * @param password of the user
 */
public record ServerAccount(
    String url,
    String realm,
    String clientId,
    @Nullable String clientSecret,
    @Nullable String user,
    @Nullable String password) {

  /** Hides the secrets. */
  @Override
  public String toString() {
    return clientId + (user == null ? "" : " as " + user) + " of realm " + realm + " at " + url;
  }
}
