/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.keycloak.audit;

import org.jspecify.annotations.NullMarked;
