/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.benchmarks.plain;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The measured operations of task-api. */
@RestController
@RequestMapping("/api/me/tasks")
class TaskController {
  private final TaskRepository tasks;

  TaskController(TaskRepository tasks) {
    this.tasks = tasks;
  }

  record Page(List<Task> items, @Nullable String nextCursor) {}

  record Content(String title, @Nullable String description) {}

  @GetMapping
  Page list(@AuthenticationPrincipal Jwt token, @RequestParam(defaultValue = "50") int limit) {
    var found = tasks.list(owner(token), limit + 1);
    return found.size() <= limit
        ? new Page(found, null)
        : new Page(found.subList(0, limit), found.get(limit - 1).id().toString());
  }

  @GetMapping("/{id}")
  ResponseEntity<Task> read(@AuthenticationPrincipal Jwt token, @PathVariable UUID id) {
    var task = tasks.find(owner(token), id);
    return task == null
        ? ResponseEntity.notFound().build()
        : ResponseEntity.ok().eTag("\"v" + task.version() + '"').body(task);
  }

  @PostMapping
  ResponseEntity<Task> create(@AuthenticationPrincipal Jwt token, @RequestBody Content content) {
    var task = tasks.insert(owner(token), content.title(), content.description());
    return ResponseEntity.created(URI.create("/api/me/tasks/" + task.id()))
        .eTag("\"v" + task.version() + '"')
        .body(task);
  }

  private static UUID owner(Jwt token) {
    return UUID.fromString(token.getSubject());
  }
}
