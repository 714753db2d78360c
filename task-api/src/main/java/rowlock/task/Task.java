/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task as represented to its owner. Times come from the database, in UTC.
 *
 * @param id a version 7 UUID (RFC 9562), so that ids are in the order of creation
 * @param completedAt null if it is not completed
 * @param version 1 when created, increased by each change; its entity tag is {@code "v<version>"}
 */
@Schema(
    requiredProperties = {
      "id",
      "title",
      "description",
      "completed",
      "completedAt",
      "createdAt",
      "updatedAt",
      "version"
    })
record Task(
    UUID id,
    String title,
    @Schema(nullable = true) @Nullable String description,
    boolean completed,
    @Schema(nullable = true) @Nullable Instant completedAt,
    Instant createdAt,
    Instant updatedAt,
    long version) {}
