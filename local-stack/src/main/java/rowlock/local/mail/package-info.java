/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Provides mail without a provider: a server that keeps each mail as a file, and a reader of these
 * files.
 */
@NullMarked
package rowlock.local.mail;

import org.jspecify.annotations.NullMarked;
