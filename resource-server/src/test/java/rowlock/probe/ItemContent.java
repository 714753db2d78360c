/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** The body of a request that creates or replaces an item. */
record ItemContent(@NotBlank @Size(max = 200) String title) {}
