/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import org.jspecify.annotations.Nullable;

/**
 * Who a person says to be, as of their sign-in; for showing, not for deciding.
 *
 * @param subject the issuer's identifier
 * @param name full name, or null when the issuer did not say
 * @param email address, or null when the issuer did not say
 */
public record Person(String subject, @Nullable String name, @Nullable String email) {

  /** Without what is personal. */
  @Override
  public String toString() {
    return "Person[" + subject + "]";
  }
}
