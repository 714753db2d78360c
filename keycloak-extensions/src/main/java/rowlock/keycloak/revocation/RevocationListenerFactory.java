/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation;

import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.common.Profile;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.UserModel.UserRemovedEvent;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.provider.ProviderEvent;
import rowlock.keycloak.revocation.delivery.EventDelivery;
import rowlock.keycloak.revocation.delivery.PushTargets;
import rowlock.keycloak.revocation.delivery.Receiver;
import rowlock.keycloak.revocation.delivery.SecurityEvent;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Frame;
import rowlock.keycloak.revocation.delivery.SecurityEvent.Initiator;
import rowlock.keycloak.revocation.stock.AccountWatch;
import rowlock.keycloak.revocation.stock.AccountWatch.Switched;
import rowlock.keycloak.support.GlobalListenerFactory;
import rowlock.keycloak.support.PasswordWatch;

/** Creates the listener {@code rowlock-revocation}, which is active in all realms. */
public final class RevocationListenerFactory implements GlobalListenerFactory {
  /** The provider id. Never changes: operators' settings use it. */
  static final String ID = "rowlock-revocation";

  static final String DEAD_LETTER_AFTER = "dead-letter-after-seconds";
  static final String PUSH_TARGETS = "push-targets";

  private static final Logger log = Logger.getLogger(RevocationListenerFactory.class);

  private static final int DAY = 24 * 60 * 60;

  private @Nullable EventDelivery delivery;
  private Duration deadLetterAfter = Duration.ofSeconds(DAY);

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new RevocationListener(session, delivery());
  }

  @Override
  public void init(Config.Scope config) {
    deadLetterAfter = Duration.ofSeconds(config.getInt(DEAD_LETTER_AFTER, DAY));
    delivery = new EventDelivery(PushTargets.parse(PushTargets.OPTION, config.get(PUSH_TARGETS)));
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(this::handle);
  }

  private void handle(ProviderEvent event) {
    if (event instanceof UserRemovedEvent removed) {
      purged(removed);
    } else if (event instanceof ClientModel.ClientUpdatedEvent updated) {
      delivery().receiverSaved(updated.getKeycloakSession(), updated.getUpdatedClient());
      if (!updated.getUpdatedClient().isEnabled()) {
        ended(updated.getKeycloakSession(), updated.getUpdatedClient());
      }
    } else if (event instanceof ClientModel.ClientRemovedEvent removed) {
      ended(removed.getKeycloakSession(), removed.getClient());
      delivery().receiverRemoved(removed.getKeycloakSession(), removed.getClient());
    } else if (event instanceof PostMigrationEvent started) {
      start(started.getFactory());
    }
  }

  /**
   * A removal without an administrator is the system's, unless an event says that the user deleted
   * the account: Keycloak removes an imported user that the directory does not know.
   */
  private void purged(UserRemovedEvent removed) {
    var session = removed.getKeycloakSession();
    var pending = PendingEvents.of(session, removed.getRealm(), delivery());
    if (pending.hasReceivers()) {
      pending.accountRemoved(
          removed.getUser().getId(),
          session.getContext().getBearerToken() == null ? Initiator.SYSTEM : Initiator.ADMIN);
    }
  }

  /** A client that is removed or disabled has no valid tokens. */
  private void ended(KeycloakSession session, ClientModel client) {
    var pending = PendingEvents.of(session, client.getRealm(), delivery());
    if (pending.hasReceivers()) {
      pending.clientEnded(client, null, initiator(session));
    }
  }

  /** Administrators have a bearer token, users a login, and Keycloak's own tasks neither. */
  private static Initiator initiator(KeycloakSession session) {
    var context = session.getContext();
    if (context.getBearerToken() != null) {
      return Initiator.ADMIN;
    }
    return context.getAuthenticationSession() == null ? Initiator.SYSTEM : Initiator.USER;
  }

  private void start(KeycloakSessionFactory factory) {
    if (!Profile.isFeatureEnabled(Profile.Feature.PERSISTENT_USER_SESSIONS)) {
      log.error(
          "The feature persistent-user-sessions is disabled: sessions that an administrator ends are not sent to receivers of security events. Enable it.");
    }
    AccountWatch.start(factory, this::late);
    PasswordWatch.start(factory);
    delivery().start(factory, deadLetterAfter);
  }

  /** Writes accounts that were switched without an event, at the end of the transaction. */
  private void late(KeycloakSession session, List<Switched> accounts) {
    for (var account : accounts) {
      var realm = session.realms().getRealm(account.realmId());
      if (realm == null) {
        continue;
      }
      var receivers = Receiver.of(session, realm);
      if (receivers.isEmpty()) {
        continue;
      }
      var type = account.enabled() ? SecurityEvent.ACCOUNT_ENABLED : SecurityEvent.ACCOUNT_DISABLED;
      var frame = new Frame(delivery().issuer(session, realm), System.currentTimeMillis());
      var event = frame.account(type, account.userId(), Initiator.SYSTEM);
      var unused = delivery().write(session, realm, receivers, List.of(event), false);
    }
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public List<ProviderConfigProperty> getConfigMetadata() {
    return ProviderConfigurationBuilder.create()
        .property()
        .name(DEAD_LETTER_AFTER)
        .type("int")
        .defaultValue(DAY)
        .helpText("Seconds after which an undelivered event is a dead letter.")
        .add()
        .property()
        .name(PUSH_TARGETS)
        .type("string")
        .defaultValue("public")
        .helpText(
            "Hosts that events may be pushed to, separated by commas: names, networks such as"
                + " 10.1.2.0/24, and the word public for all addresses of the internet. Private,"
                + " link-local and loopback addresses are rejected unless listed.")
        .add()
        .build();
  }

  private EventDelivery delivery() {
    if (delivery == null) {
      throw new IllegalStateException("The factory is not initialized");
    }
    return delivery;
  }

  @Override
  public void close() {
    if (delivery != null) {
      delivery.stop();
    }
  }
}
