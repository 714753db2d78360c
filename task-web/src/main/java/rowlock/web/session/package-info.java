/* SPDX-License-Identifier: Apache-2.0 */
/** Who is signed in: sessions in the database, their tokens sealed, one refresh at a time. */
@NullMarked
package rowlock.web.session;

import org.jspecify.annotations.NullMarked;
