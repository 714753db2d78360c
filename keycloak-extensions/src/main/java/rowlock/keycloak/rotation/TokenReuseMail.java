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
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import rowlock.keycloak.rotation.RefreshRotationConfig.OnReuse;
import rowlock.keycloak.support.AccountMail;

/**
 * Notifies the owner of an account, in the account's language, that a refresh token was reused.
 * Sent once for each token family.
 */
final class TokenReuseMail {
  private static final Logger log = Logger.getLogger(TokenReuseMail.class);
  private static final String TEMPLATE = "refresh-token-reuse.ftl";
  private static final String SUBJECT = "rowlockReuseMailSubject";
  private static final long REMEMBERED_SECONDS = 24 * 60 * 60;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TokenReuseMail() {}

  /**
   * Sends the mail after the commit of the request. Skipped if no mail can be sent to the account
   * ({@link AccountMail#canBeSent}), or if a mail about the family was sent before.
   */
  static void enlist(
      KeycloakSession session, UserModel user, ClientModel client, String familyId, OnReuse ended) {
    var realm = session.getContext().getRealm();
    if (!AccountMail.canBeSent(realm, user)) {
      return;
    }
    // shared by all nodes
    if (!session
        .singleUseObjects()
        .putIfAbsent("rowlock.reuse-mail:" + familyId, REMEMBERED_SECONDS)) {
      return;
    }
    Map<String, Object> content = new HashMap<>();
    content.put("when", MINUTE.format(Instant.now()));
    content.put("clientName", nameOf(client));
    content.put("ended", ended.toString());
    content.put("accountUrl", accountUrl(session, realm).toString());
    // the owner's language, not that of the request
    content.put(Constants.IGNORE_ACCEPT_LANGUAGE_HEADER, "true");
    AccountMail.enlist(
        session,
        "reuse-mail",
        realm.getId(),
        user.getId(),
        (own, in, owner) -> send(own, in, owner, content));
  }

  private static void send(
      KeycloakSession own, RealmModel realm, UserModel user, Map<String, Object> content) {
    try {
      own.getProvider(EmailTemplateProvider.class)
          .setRealm(realm)
          .setUser(user)
          .send(SUBJECT, List.of(AccountMail.nameOf(realm)), TEMPLATE, content);
    } catch (EmailException e) {
      log.warnf(
          "Token reuse mail to user=%s in realm=%s failed; not retried, check the realm's mail settings",
          user.getId(), realm.getName());
    }
  }

  private static String nameOf(ClientModel client) {
    var name = client.getName();
    // the names of the stock clients are message keys
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
