/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A task as its owner sees it. Times are the database's, in UTC.
 *
 * @param id a version 7 UUID (RFC 9562), so that ids are in the order of creation
 * @param completedAt null as long as it is not completed
 * @param version 1 when created, one more with each change; its entity tag is {@code "v<version>"}
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
@Table(schema = "api", name = "task")
record Task(
    @Id UUID id,
    String title,
    @Schema(nullable = true) @Nullable String description,
    @ReadOnlyProperty boolean completed,
    @Schema(nullable = true) @Nullable Instant completedAt,
    Instant createdAt,
    Instant updatedAt,
    @Version long version) {}
