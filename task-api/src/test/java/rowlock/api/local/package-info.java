/* SPDX-License-Identifier: Apache-2.0 */
/** What makes a stock Keycloak ours. */
@NullMarked
package rowlock.api.local;

import org.jspecify.annotations.NullMarked;
