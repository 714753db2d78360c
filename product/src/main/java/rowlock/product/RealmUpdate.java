/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.time.Duration;
import rowlock.local.StackRealm;
import rowlock.local.keycloak.KeycloakServer;
import rowlock.realm.Realm;
import rowlock.realm.apply.RealmApplication;
import rowlock.realm.apply.RealmApplication.Result;
import rowlock.realm.plan.Plan;
import rowlock.realm.server.AdminClient;
import rowlock.realm.server.ServerAccount;
import rowlock.realm.source.DeclaredRealm;

/**
 * Applies a changed source of the realm to the local data: accounts and sessions stay. Objects that
 * an earlier update declared and the source no longer declares are removed.
 *
 * @param source of the realm
 */
record RealmUpdate(DeclaredRealm source) implements StackRealm.Update {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final Plan.Options OPTIONS = new Plan.Options(true, false);

  @Override
  public void applyTo(KeycloakServer server) {
    var account =
        new ServerAccount(
            server.url().toString(),
            Realm.MASTER,
            "admin-cli",
            null,
            server.adminUser(),
            server.adminPassword());
    try (var admin = new AdminClient(account, source.name())) {
      if (new RealmApplication(admin, source, OPTIONS, new Silence()).apply(WAIT)
          instanceof Result.Stopped stopped) {
        throw new IllegalStateException(stopped.failed() + ": " + stopped.cause().getMessage());
      }
    }
  }

  /** The local stack prints one line for all of it. */
  private static final class Silence implements RealmApplication.Progress {
    @Override
    public void waiting() {}

    @Override
    public void recovered() {}

    @Override
    public void done(String step) {}
  }
}
