/* SPDX-License-Identifier: Apache-2.0 */
/** HTTP features of the resources of every domain: entity tags, idempotency keys, and pages. */
@NullMarked
package rowlock.api.resource;

import org.jspecify.annotations.NullMarked;
