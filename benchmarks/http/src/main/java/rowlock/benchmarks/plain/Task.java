/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.plain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;

/** A task as represented to its owner, with the members of task-api's. */
record Task(
    @Id UUID id,
    String title,
    @Nullable String description,
    boolean completed,
    @Nullable Instant completedAt,
    Instant createdAt,
    Instant updatedAt,
    long version) {}
