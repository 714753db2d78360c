/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.executors.ExecutorsProvider;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;
import rowlock.keycloak.support.ListenerFailures;

/**
 * Tells the owner of an account, in the account's language, what happened and what to do; once for
 * a family. Sent by a thread of its own when the request is over: a mail server that is away or
 * slow neither holds up nor fails the answer.
 */
final class OwnerMail extends AbstractKeycloakTransaction {
  private static final Logger LOG = Logger.getLogger(OwnerMail.class);
  private static final String TASK = "rowlock-mail";
  private static final String TEMPLATE = "refresh-token-reuse.ftl";
  private static final String SUBJECT = "rowlockReuseMailSubject";
  private static final long REMEMBERED_SECONDS = 24 * 60 * 60;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final KeycloakSession session;
  private final KeycloakSessionFactory factory;
  private final String realmId;
  private final String userId;
  private final Map<String, Object> content;

  private OwnerMail(
      KeycloakSession session, String realmId, String userId, Map<String, Object> content) {
    this.session = session;
    this.factory = session.getKeycloakSessionFactory();
    this.realmId = realmId;
    this.userId = userId;
    this.content = content;
  }

  /**
   * Sends the mail with the end of the request, unless the realm has no mail server, the account no
   * address that may be its owner's, or the family was told of before.
   */
  static void enlist(
      KeycloakSession session, UserModel user, ClientModel client, String familyId, OnReuse ended) {
    var realm = session.getContext().getRealm();
    if (!hasMailServer(realm) || !hasAddress(realm, user)) {
      return;
    }
    // known in the whole cluster
    if (!session
        .singleUseObjects()
        .putIfAbsent("rowlock.reuse-mail:" + familyId, REMEMBERED_SECONDS)) {
      return;
    }
    var content = new HashMap<String, Object>();
    content.put("when", MINUTE.format(Instant.now()));
    content.put("clientName", nameOf(client));
    content.put("ended", ended.toString());
    content.put("accountUrl", accountUrl(session, realm).toString());
    // the language of the owner, not of whoever sent the request
    content.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, "true");
    session
        .getTransactionManager()
        .enlistAfterCompletion(new OwnerMail(session, realm.getId(), user.getId(), content));
  }

  @Override
  protected void commitImpl() {
    ListenerFailures.contain(
        "reuse-mail",
        "start",
        () -> session.getProvider(ExecutorsProvider.class).getExecutor(TASK).execute(this::send));
  }

  /** What was rolled back did not happen. */
  @Override
  protected void rollbackImpl() {}

  private void send() {
    KeycloakModelUtils.runJobInTransaction(
        factory,
        own -> {
          var realm = own.realms().getRealm(realmId);
          if (realm == null) {
            return;
          }
          own.getContext().setRealm(realm);
          var user = own.users().getUserById(realm, userId);
          if (user == null) {
            return;
          }
          var name = realm.getDisplayName() == null ? realm.getName() : realm.getDisplayName();
          try {
            own.getProvider(EmailTemplateProvider.class)
                .setRealm(realm)
                .setUser(user)
                .send(SUBJECT, List.of(name), TEMPLATE, content);
          } catch (EmailException e) {
            LOG.warnf(
                "The mail about a reused refresh token could not be sent to user %s of realm %s: test the realm's mail settings.",
                userId, realm.getName());
          }
        });
  }

  private static boolean hasMailServer(RealmModel realm) {
    var host = realm.getSmtpConfig().get("host");
    return host != null && !host.isBlank();
  }

  /**
   * An address that nobody confirmed may be a stranger's; where the realm confirms none at all, it
   * is the only one there is.
   */
  private static boolean hasAddress(RealmModel realm, UserModel user) {
    return user.getEmail() != null
        && !user.getEmail().isBlank()
        && (user.isEmailVerified() || !realm.isVerifyEmail());
  }

  private static String nameOf(ClientModel client) {
    var name = client.getName();
    // the stock clients' names are keys of translations
    return name == null || name.isBlank() || name.startsWith("${") ? client.getClientId() : name;
  }

  private static URI accountUrl(KeycloakSession session, RealmModel realm) {
    return session
        .getContext()
        .getUri()
        .getBaseUriBuilder()
        .path("realms/{realm}/account")
        .build(realm.getName());
  }
}
