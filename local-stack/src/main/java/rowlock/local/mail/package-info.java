/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Mail without a provider: a server that takes every mail and keeps it as a file, and a reader of
 * these files.
 */
@NullMarked
package rowlock.local.mail;

import org.jspecify.annotations.NullMarked;
