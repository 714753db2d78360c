/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Limits the mails that a person other than the owner of a mailbox can make the server send to it.
 */
@NullMarked
package rowlock.keycloak.mail;

import org.jspecify.annotations.NullMarked;
