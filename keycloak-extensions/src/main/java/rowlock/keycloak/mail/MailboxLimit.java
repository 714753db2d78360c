/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.mail;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import rowlock.keycloak.budget.Budget;

/** Five mails at once and five an hour, for each kind of mail and each mailbox. */
enum MailboxLimit {
  PASSWORD_RESET("password-reset"),
  VERIFY_EMAIL("verify-email"),
  UPDATE_EMAIL("update-email"),
  LINK_ACCOUNT("link-account");

  private static final int MAILS = 5;

  /** Addresses with a detail part (RFC 5233) share a mailbox at many providers. */
  private static final Pattern DETAIL = Pattern.compile("\\+[^@]*+@");

  private final String kind;
  private final Budget budget;

  MailboxLimit(String kind) {
    this.kind = kind;
    this.budget = new Budget("mail-" + kind, MAILS, Duration.ofHours(1));
  }

  String kind() {
    return kind;
  }

  /** Takes one mail from the budget, if one is left. */
  boolean take(KeycloakSession session, RealmModel realm, String address) {
    return budget.take(session, realm, mailboxOf(address)).allowed();
  }

  static String mailboxOf(String address) {
    return DETAIL.matcher(address.trim().toLowerCase(Locale.ROOT)).replaceFirst("@");
  }
}
