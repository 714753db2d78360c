/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.registration.discretion;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rowlock.keycloak.registration.RegistrationRealm;
import rowlock.local.mail.MailServer;

/**
 * The response time does not reveal whether an address is known. Known and unknown addresses are
 * sent in random order. The measure is the probability that a known address takes longer than an
 * unknown one (Mann and Whitney's U, divided by the number of pairs): 0.5 reveals nothing, 0 and 1
 * reveal everything. It uses ranks only, so a few slow responses of a busy machine do not matter.
 */
@Tag("thorough")
class RegistrationTimingIT {
  /** Until the JVM has compiled the paths of known and of unknown addresses. */
  private static final int WARM_UP = 200;

  private static final int SAMPLES = 400;
  private static final int CONTROL_SAMPLES = 60;

  /**
   * By chance alone, the measure varies by 0.029 with this many samples; the bound is four and a
   * half times as much.
   */
  private static final double BOUND = 0.13;

  @TempDir private Path mails;

  @Test
  void responseTime_doesNotRevealKnownAddress() {
    try (var mail = MailServer.start(mails, 0, arrived -> {})) {
      var discreet = new RegistrationRealm("discreet-registration");
      discreet.mailThrough(mail.port());

      var chance = chanceThatKnownTakesLonger(discreet, SAMPLES, Map.of());

      assertThat(chance).isBetween(0.5 - BOUND, 0.5 + BOUND);
    }
  }

  /**
   * Control: the measure detects the difference of the server's own registration, which stops at a
   * known address.
   */
  @Test
  void responseTime_disabled_revealsKnownAddress() {
    var chance =
        chanceThatKnownTakesLonger(
            new RegistrationRealm("open-registration"),
            CONTROL_SAMPLES,
            Map.of(
                "password",
                RegistrationRealm.PASSWORD,
                "password-confirm",
                RegistrationRealm.PASSWORD));

    assertThat(Math.abs(chance - 0.5)).isGreaterThan(0.3);
  }

  private static double chanceThatKnownTakesLonger(
      RegistrationRealm realm, int samples, Map<String, String> fields) {
    var owner = RegistrationRealm.newMail();
    time(realm, owner, fields);
    var random = new Random(7);
    var known = new ArrayList<Long>();
    var unknown = new ArrayList<Long>();
    for (var i = 0; i < WARM_UP + samples; i++) {
      var isKnown = random.nextBoolean();
      var nanos = time(realm, isKnown ? owner : RegistrationRealm.newMail(), fields);
      if (i >= WARM_UP) {
        (isKnown ? known : unknown).add(nanos);
      }
    }
    var chance = chance(known, unknown);
    System.out.printf(
        "Realm %s: known %.1f ms, unknown %.1f ms (medians), chance that known takes longer %.3f%n",
        realm.realm(), median(known), median(unknown), chance);
    return chance;
  }

  private static long time(RegistrationRealm realm, String address, Map<String, String> fields) {
    var form = realm.registration();
    var filledIn = new HashMap<>(fields);
    filledIn.put("email", address);
    var start = System.nanoTime();
    form.submit("kc-register-form", filledIn);
    return System.nanoTime() - start;
  }

  private static double chance(List<Long> some, List<Long> others) {
    var longer = 0.0;
    for (var one : some) {
      for (var other : others) {
        longer += one > other ? 1 : one.equals(other) ? 0.5 : 0;
      }
    }
    return longer / some.size() / others.size();
  }

  private static double median(List<Long> nanos) {
    return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
  }
}
