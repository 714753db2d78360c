/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxLimitTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"ida@example.org", "IDA@Example.org", " ida@example.org", "ida+1@example.org"})
  void spellings_ofOneMailbox_areEqual(String address) {
    assertThat(MailboxLimit.mailboxOf(address)).isEqualTo("ida@example.org");
  }
}
