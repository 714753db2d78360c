/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Links in mails. Opening one changes nothing, because mail scanners and link previews open links
 * as well; the button on its page does.
 */
@NullMarked
package rowlock.keycloak.login.link;

import org.jspecify.annotations.NullMarked;
