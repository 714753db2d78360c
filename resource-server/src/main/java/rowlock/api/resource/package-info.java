/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the resources of every domain have in common over HTTP: entity tags, idempotency keys,
 * pages.
 */
@NullMarked
package rowlock.api.resource;

import org.jspecify.annotations.NullMarked;
