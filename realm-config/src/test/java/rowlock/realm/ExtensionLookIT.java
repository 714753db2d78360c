/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static rowlock.realm.RealmServer.admin;
import static rowlock.realm.RealmServer.flow;
import static rowlock.realm.RealmServer.keycloak;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.newAddress;
import static rowlock.realm.RealmServer.realm;
import static rowlock.realm.RealmServer.register;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import rowlock.local.login.OAuthException;
import rowlock.local.mail.Mail;
import rowlock.realm.RealmServer.Person;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks the pages and mails of the extensions in each look, as {@link LookIT} does for the others.
 */
class ExtensionLookIT {
  private Look look = Look.LIGHT;
  private Visit visit;

  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE")
  void extensionPagesAndMails_areAccessibleAndSelfContained(Look chosen) {
    look = chosen;
    try (var opened = look.start()) {
      visit = opened;
      visit.window().stayAt(keycloak().url() + "/", visit.application());
      var person = person();
      newBrowser(person);
      knownAddress(person);
      tooManyTries();
      theft(person);
      assertThat(visit.window().problems()).isEmpty();
    }
  }

  @Tag("thorough")
  @ParameterizedTest
  @EnumSource(names = "DARK_PHONE", mode = Mode.EXCLUDE)
  void extensionPagesAndMails_inOtherLooks_areAccessibleToo(Look other) {
    extensionPagesAndMails_areAccessibleAndSelfContained(other);
  }

  private void newBrowser(Person person) {
    var before = mailbox().to(person.address()).size();
    visit.open();
    visit.enterPassword(person.address());
    visit.awaitSignedIn();
    var mail = mailbox().await(person.address(), before + 1);
    visit.showMail(mail);
    seen("30-mail-new-browser", ".mail a");
    visit.page().navigate(mail.links().getFirst().toString());
    seen("31-was-this-not-you", "#rowlock-end-session");
    visit.page().click("#rowlock-end-session [type=submit]");
    seen("32-new-password-after-it", "#kc-page-title");
    visit.forgetCookies();
  }

  private void knownAddress(Person person) {
    var before = mailbox().to(person.address()).size();
    var values = Map.of("hide-existing-accounts", "true");
    StepSettings.during(
        "rowlock-registration-form",
        "rowlock-registration-user",
        values,
        () -> {
          visit.open();
          visit.page().click("a[href*=registration]");
          visit.page().fill("#email", person.address());
          visit.page().click("#kc-register-form [type=submit]");
          seen("33-check-your-mail", "#rowlock-check-your-mail");
        });
    visit.showMail(mailbox().await(person.address(), before + 1));
    seen("34-mail-known-address", ".mail a");
    visit.forgetCookies();
  }

  private void tooManyTries() {
    var values = Map.of("account-tries", "1", "reset-requests-account", "1");
    StepSettings.during(
        "rowlock-browser-form", "rowlock-password-form", values, this::useUpWhatThereIs);
  }

  private void useUpWhatThereIs() {
    var stranger = newAddress();
    visit.open();
    visit.enterPassword(stranger);
    visit.page().waitForSelector("#input-error-username");
    visit.enterPassword(stranger);
    seen("35-too-many-tries", ".pf-m-danger");
    for (var request = 0; request < 2; request++) {
      visit.forgetCookies();
      visit.open();
      visit.page().click("a[href*=reset-credentials]");
      visit.page().fill("#username", stranger);
      visit.page().click("#kc-reset-password-form [type=submit]");
    }
    seen("36-too-many-requests", ".pf-m-danger");
  }

  private void theft(Person person) {
    var before = mailbox().to(person.address()).size();
    var tokens = flow().login(person.address(), RealmServer.PASSWORD);
    var stolen = tokens.requireRefreshToken();
    flow().refresh(stolen);
    // reuse within some seconds counts as a lost response, later reuse as theft
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> isRefused(stolen));
    // a mail about the new browser is sent too
    visit.showMail(await().until(() -> mailOfTheft(person, before), Objects::nonNull));
    seen("37-mail-theft", ".mail a");
  }

  private static @Nullable Mail mailOfTheft(Person person, int before) {
    return mailbox().to(person.address()).stream()
        .skip(before)
        .filter(mail -> mail.html().contains("/account"))
        .findFirst()
        .orElse(null);
  }

  private static boolean isRefused(String refreshToken) {
    try {
      flow().refresh(refreshToken);
      return false;
    } catch (OAuthException e) {
      return true;
    }
  }

  /** Registers a user whose account has the language of the look. */
  private Person person() {
    var person = register();
    var account = (ObjectNode) realm("/users/" + person.id());
    account.putObject("attributes").putArray("locale").add(look.language());
    admin().put("/realms/" + Realm.NAME + "/users/" + person.id(), account.toString());
    return person;
  }

  private void seen(String name, String mark) {
    visit.page().waitForSelector(mark);
    visit.window().look(look.image(name));
  }
}
