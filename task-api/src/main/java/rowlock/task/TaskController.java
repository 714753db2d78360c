/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.owner.Owner;
import rowlock.api.resource.EntityTags;
import rowlock.api.resource.IdempotencyKey;
import rowlock.api.resource.Outcome;
import rowlock.api.web.ApiProblem;
import rowlock.api.web.PublicAddress;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;
import rowlock.problem.ProblemWriter;

/**
 * The operations on tasks. A foreign task, an unknown id and a malformed id are answered alike: the
 * owner has no such task.
 */
@RestController
@TaskScope
@RequestMapping(path = "/api/{owner}/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Tasks")
class TaskController {
  /** The path variable of a task's id. */
  static final String ID = "id";

  private static final String IF_MATCH = "Apply only if the task has one of these entity tags";

  private static final UUID NO_TASK = new UUID(0, 0);

  private final TaskRepository tasks;
  private final TaskSettings settings;
  private final PublicAddress urls;

  TaskController(TaskRepository tasks, TaskSettings settings, PublicAddress urls) {
    this.tasks = tasks;
    this.settings = settings;
    this.urls = urls;
  }

  @GetMapping
  @Operation(summary = "List tasks, newest first")
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "Number of tasks on a page",
      schema = @Schema(type = "integer", minimum = "1", maximum = "200", defaultValue = "50"))
  @Parameter(
      name = "cursor",
      in = ParameterIn.QUERY,
      description = "nextCursor of the previous page",
      schema = @Schema(type = "string"))
  @Parameter(
      name = "status",
      in = ParameterIn.QUERY,
      description = "Completion state of the tasks",
      schema =
          @Schema(
              type = "string",
              allowableValues = {"all", "open", "completed"},
              defaultValue = "all"))
  @Parameter(
      name = "q",
      in = ParameterIn.QUERY,
      description = "Text in title or description, ignoring case",
      schema = @Schema(type = "string", minLength = 1, maxLength = TaskQuery.MAX_TEXT_LENGTH))
  ResponseEntity<TaskPage> list(
      Owner owner,
      @Parameter(hidden = true) @RequestParam MultiValueMap<String, String> parameters,
      HttpServletRequest request) {
    var query = TaskQuery.of(parameters);
    var page = tasks.find(owner.id(), query);
    var answer = ResponseEntity.ok();
    if (page.nextCursor() != null) {
      var next = query.next(urls.of(request), page.nextCursor());
      answer.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
    }
    return answer.body(page);
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(summary = "Create a task")
  @Parameter(
      name = IdempotencyKey.HEADER,
      in = ParameterIn.HEADER,
      description =
          "The client's identifier of this creation, such as a UUID. A repeated request with the"
              + " same key and content within a day creates nothing and returns the task of the first"
              + " one: as it is now, or as it was created if it has been deleted. Other content with"
              + " the same key is 422.",
      schema = @Schema(type = "string", minLength = 1, maxLength = IdempotencyKey.MAX_LENGTH))
  @ResponseStatus(HttpStatus.CREATED)
  @ApiResponse(
      responseCode = "409",
      description = "Limit reached",
      content = @Content(mediaType = ProblemWriter.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
  ResponseEntity<Task> create(
      Owner owner, @RequestBody TaskContent content, HttpServletRequest request) {
    var key = IdempotencyKey.of(request);
    var creation =
        key == null
            ? tasks.create(owner.id(), content, settings.limit())
            : tasks.create(owner.id(), content, settings.limit(), key);
    return switch (creation) {
      case TaskCreation.Created created ->
          ResponseEntity.created(URI.create(urls.of(request) + "/" + created.task().id()))
              .eTag(EntityTags.of(created.task().version()))
              .body(created.task());
      case TaskCreation.KeyReused reused ->
          throw new ProblemException(ApiProblem.IDEMPOTENCY_KEY_REUSED);
      case TaskCreation.LimitReached limit -> throw new ProblemException(ApiProblem.LIMIT_REACHED);
    };
  }

  @GetMapping("/{id}")
  @Operation(summary = "Read a task")
  ResponseEntity<Task> read(Owner owner, @PathVariable(ID) String id) {
    var task = tasks.find(owner.id(), idOf(id));
    if (task == null) {
      throw new ProblemException(HttpProblem.NOT_FOUND);
    }
    return answer(task);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(summary = "Replace a task")
  @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER, description = IF_MATCH)
  @ApiResponse(responseCode = "200", description = "OK", useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "412",
      description = "Precondition failed",
      content = @Content(mediaType = ProblemWriter.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
  ResponseEntity<Task> replace(
      Owner owner,
      @PathVariable(ID) String id,
      @RequestBody TaskContent content,
      HttpServletRequest request) {
    return answer(done(tasks.replace(owner.id(), idOf(id), EntityTags.versions(request), content)));
  }

  @DeleteMapping("/{id}")
  @Operation(summary = "Delete a task")
  @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER, description = IF_MATCH)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @ApiResponse(
      responseCode = "412",
      description = "Precondition failed",
      content = @Content(mediaType = ProblemWriter.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
  ResponseEntity<Void> delete(
      Owner owner, @PathVariable(ID) String id, HttpServletRequest request) {
    done(tasks.delete(owner.id(), idOf(id), EntityTags.versions(request)));
    return ResponseEntity.noContent().build();
  }

  @PatchMapping(path = "/{id}/complete", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      summary = "Complete or reopen a task",
      description = "With a body: sets the given state. Without a body: toggles it.")
  @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER, description = IF_MATCH)
  @ApiResponse(responseCode = "200", description = "OK", useReturnTypeSchema = true)
  @ApiResponse(
      responseCode = "412",
      description = "Precondition failed",
      content = @Content(mediaType = ProblemWriter.MEDIA_TYPE, schema = @Schema(ref = "Problem")))
  ResponseEntity<Task> complete(
      Owner owner,
      @PathVariable(ID) String id,
      @RequestBody(required = false) @Nullable Completion completion,
      HttpServletRequest request) {
    return answer(
        done(
            tasks.complete(
                owner.id(),
                idOf(id),
                EntityTags.versions(request),
                completion == null ? null : completion.completed())));
  }

  private static ResponseEntity<Task> answer(Task task) {
    return ResponseEntity.ok().eTag(EntityTags.of(task.version())).body(task);
  }

  private static Task done(Outcome<Task> change) {
    return switch (change) {
      case Outcome.Done<Task> done -> done.resource();
      case Outcome.Stale<Task> stale -> throw new ProblemException(ApiProblem.PRECONDITION_FAILED);
      case Outcome.Missing<Task> missing -> throw new ProblemException(HttpProblem.NOT_FOUND);
    };
  }

  /**
   * Returns the id, or an unused one if the text is not a UUID in canonical form: such a request
   * takes the same path through the database as one for an unknown id, including the revocation
   * check.
   */
  static UUID idOf(String text) {
    try {
      var id = UUID.fromString(text);
      return id.toString().equals(text) ? id : NO_TASK;
    } catch (IllegalArgumentException e) {
      return NO_TASK;
    }
  }
}
