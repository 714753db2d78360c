/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.local.login.Page;

/** The guard on the real registration page. Each test has a peer address of its own. */
class RegistrationGuardIT {
  private static final String MESSAGE = "We could not process your registration";
  private static final Duration MIN = Duration.ofSeconds(2);
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private final RegistrationRealm realm = new RegistrationRealm("guarded-registration");

  @Test
  void registration_afterMinimumTime_isAccepted() {
    var form = patient(realm.registration(newAddress()));

    assertThat(send(form, RegistrationRealm.newMail()).callback()).isNotNull();
  }

  @Test
  void honeypot_isHiddenFromPointerKeyboardAndScreenReader() {
    var trap = realm.registration(newAddress()).document().selectFirst("input[name=homepage]");

    assertThat(trap.attr("tabindex")).isEqualTo("-1");
    assertThat(trap.attr("autocomplete")).isEqualTo("off");
    assertThat(trap.attr("type")).isEqualTo("text");
    assertThat(trap.closest("[aria-hidden=true]")).isNotNull();
    assertThat(trap.closest("[aria-hidden=true]").attr("style"))
        .contains("left:-10000px")
        .doesNotContain("display:none");
    assertThat(trap.parent().selectFirst("label[for=" + trap.id() + "]").text())
        .isEqualTo("Leave this field empty");
  }

  @Test
  void refusals_ofEveryReason_areIdentical() {
    var trapped = realm.registration(newAddress());
    var forged = realm.registration(newAddress());
    var address = newAddress();
    var typos = Stream.generate(() -> realm.registration(address)).limit(4).toList();
    var greedy = patient(realm.registration(address));
    typos.forEach(typo -> send(typo, "not an address"));

    var answers =
        Map.of(
            "trap",
                send(
                    trapped,
                    RegistrationRealm.newMail(),
                    Map.of("homepage", "https://spam.example")),
            "stamp",
                send(
                    forged,
                    RegistrationRealm.newMail(),
                    Map.of("rowlock-stamp", "1795000000123.x")),
            "too_fast", send(realm.registration(newAddress()), RegistrationRealm.newMail()),
            "budget", send(greedy, RegistrationRealm.newMail()));

    var texts = new HashSet<String>();
    answers.forEach(
        (reason, page) -> {
          assertThat(page.status()).as(reason).isEqualTo(429);
          assertThat(page.header("Retry-After")).as(reason).isEqualTo("900");
          assertThat(page.text()).as(reason).contains(MESSAGE);
          texts.add(page.text());
          awaitLog("registration_guard_" + reason);
        });
    assertThat(texts).hasSize(1);
  }

  @Test
  void refusal_doesNotRevealKnownAddress() {
    var known = RegistrationRealm.newMail();
    send(patient(realm.registration(newAddress())), known);

    var hastyKnown = send(realm.registration(newAddress()), known);
    var hastyUnknown = send(realm.registration(newAddress()), RegistrationRealm.newMail());

    assertThat(hastyKnown.text()).isEqualTo(hastyUnknown.text()).contains(MESSAGE);
  }

  @Test
  void missingHoneypotField_isRejected() {
    var form = patient(realm.registration(newAddress()));
    form.document().select("input[name=homepage]").remove();

    assertThat(send(form, RegistrationRealm.newMail()).status()).isEqualTo(429);
  }

  @Test
  void stampOfAnotherLogin_isRejected() {
    var address = newAddress();
    var old = patient(realm.registration(address));
    var fresh = realm.registration(address);
    var stamp = old.document().selectFirst("input[name=rowlock-stamp]").val();

    assertThat(send(fresh, RegistrationRealm.newMail(), Map.of("rowlock-stamp", stamp)).status())
        .isEqualTo(429);
  }

  @Test
  void tooFast_resubmit_keepsTheAddress() {
    var mail = RegistrationRealm.newMail();
    var refusal = send(realm.registration(newAddress()), mail);

    assertThat(refusal.document().selectFirst("input[name=email]").val()).isEqualTo(mail);
    assertThat(refusal.document().selectFirst("input[name=password]").val()).isEmpty();
    assertThat(send(patient(refusal), mail).callback()).isNotNull();
  }

  @Test
  void correctedTypo_needsNoSecondWait() {
    var typo = send(patient(realm.registration(newAddress())), "not an address");
    assertThat(typo.text()).contains("Invalid email address");

    var page = send(typo, RegistrationRealm.newMail());

    assertThat(page.callback()).as(page.text()).isNotNull();
  }

  @Test
  void ipv6Networks_haveSeparateBudgets() {
    var typos =
        Stream.of(1, 2, 3, 4).map(host -> realm.registration("2001:db8:7:1::" + host)).toList();
    var another = realm.registration("2001:db8:7:1:ffff::9");
    var neighbour = patient(realm.registration("2001:db8:7:2::1"));
    assertThat(typos).allMatch(typo -> send(typo, "not an address").status() == 200);

    assertThat(send(another, RegistrationRealm.newMail()).status()).isEqualTo(429);
    assertThat(send(neighbour, RegistrationRealm.newMail()).callback()).isNotNull();
  }

  @Test
  void metrics_countOutcomes() {
    send(realm.registration(newAddress()), RegistrationRealm.newMail());

    assertThat(RegistrationRealm.metrics())
        .containsPattern("rowlock_registration_guard_total\\{[^}]*outcome=\"too_fast\"[^}]*} [1-9]")
        .doesNotContain("@example.org");
  }

  private static Page send(Page form, String mail) {
    return send(form, mail, Map.of());
  }

  private static Page send(Page form, String mail, Map<String, String> more) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("email", mail);
    fields.put("password", RegistrationRealm.PASSWORD);
    fields.put("password-confirm", RegistrationRealm.PASSWORD);
    fields.putAll(more);
    return form.submit("kc-register-form", fields);
  }

  /** Waits for the minimum time. */
  private static Page patient(Page form) {
    var stamp = form.document().selectFirst("input[name=rowlock-stamp]").val();
    var ready = Instant.ofEpochMilli(Long.parseLong(stamp.replaceFirst("\\..*", ""))).plus(MIN);
    await().pollInterval(Duration.ofMillis(20)).until(() -> Instant.now().isAfter(ready));
    return form;
  }

  private static String newAddress() {
    return "198.51.100." + ADDRESSES.incrementAndGet();
  }

  private static void awaitLog(String text) {
    await().until(() -> RegistrationRealm.server().log().text().contains(text));
  }
}
