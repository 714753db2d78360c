/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm;

import static org.assertj.core.api.Assertions.assertThat;
import static rowlock.realm.RealmServer.mailbox;
import static rowlock.realm.RealmServer.newAddress;

import org.junit.jupiter.api.Test;

/** Checks the messages of forms about invalid input before they are sent. */
class FormChecksIT {
  @Test
  void invalidInput_isReportedWhenTheFieldIsLeft() {
    try (var visit = Visit.start()) {
      var page = visit.page();
      visit.open();
      page.click("a[href*=registration]");

      page.fill("#email", "person.example.org");
      page.keyboard().press("Tab");
      page.getByText("Invalid email address.").waitFor();
      var address = newAddress();
      page.fill("#email", address);
      page.keyboard().press("Tab");
      page.waitForCondition(() -> page.getByText("Invalid email address.").count() == 0);

      page.click("#kc-register-form [type=submit]");
      page.waitForSelector(".instruction a");
      page.navigate(mailbox().await(address).link().toString());
      page.click("#rowlock-link [type=submit]");
      page.fill("#password-new", "too short");
      page.keyboard().press("Tab");

      page.getByText("must have at least 12").or(page.getByText("minimum length 12")).waitFor();
      assertThat(visit.window().problems()).isEmpty();
    }
  }
}
