/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.plain;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** The statements of task-api, without those parts that only isolation needs. */
interface TaskRepository extends Repository<Task, UUID> {
  String COLUMNS =
      """
      id, title, description, completed_at is not null as completed, completed_at, created_at,
      updated_at, version
      """;

  @Query("select " + COLUMNS + " from api.task where owner_id = :owner and id = :id")
  @Nullable Task find(UUID owner, UUID id);

  @Query(
      "select " + COLUMNS + " from api.task where owner_id = :owner order by id desc limit :limit")
  List<Task> list(UUID owner, int limit);

  @Query(
      "insert into api.task (owner_id, title, description) values (:owner, :title, :description)"
          + " returning "
          + COLUMNS)
  Task insert(UUID owner, String title, @Nullable String description);
}
