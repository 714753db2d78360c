/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
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
import rowlock.api.resource.ListParameters;
import rowlock.api.resource.Outcome;
import rowlock.api.web.ApiProblem;
import rowlock.api.web.PublicAddress;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemException;

/** Items over HTTP, with everything that the engine offers to a resource. */
@RestController
@RequestMapping(path = "/api/{owner}/items", produces = MediaType.APPLICATION_JSON_VALUE)
class ItemController {
  private static final UUID NO_ITEM = new UUID(0, 0);

  private final ItemStore items;
  private final PublicAddress urls;

  ItemController(ItemStore items, PublicAddress urls) {
    this.items = items;
    this.urls = urls;
  }

  @GetMapping
  ResponseEntity<ItemPage> list(
      Owner owner,
      @RequestParam MultiValueMap<String, String> parameters,
      HttpServletRequest request) {
    var list = ListParameters.of(parameters, Set.of("limit", "cursor"));
    var limit = list.limit(50, 200);
    var page = items.list(owner.id(), limit, list.cursor());
    var answer = ResponseEntity.ok();
    if (page.nextCursor() != null) {
      var next = urls.of(request) + "?limit=" + limit + "&cursor=" + page.nextCursor();
      answer.header(HttpHeaders.LINK, "<" + next + ">; rel=\"next\"");
    }
    return answer.body(page);
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Item> create(
      Owner owner, @RequestBody @Valid ItemContent content, HttpServletRequest request) {
    var key = IdempotencyKey.of(request);
    var creation =
        key == null
            ? items.create(owner.id(), content.title())
            : items.create(owner.id(), content.title(), key);
    return switch (creation) {
      case ItemCreation.Created created ->
          ResponseEntity.created(URI.create(urls.of(request) + "/" + created.item().id()))
              .eTag(EntityTags.of(created.item().version()))
              .body(created.item());
      case ItemCreation.KeyReused reused ->
          throw new ProblemException(ApiProblem.IDEMPOTENCY_KEY_REUSED);
      case ItemCreation.LimitReached limit -> throw new ProblemException(ApiProblem.LIMIT_REACHED);
    };
  }

  @GetMapping("/{id}")
  ResponseEntity<Item> read(Owner owner, @PathVariable String id) {
    var item = items.read(owner.id(), idOf(id));
    if (item == null) {
      throw new ProblemException(HttpProblem.NOT_FOUND);
    }
    return answer(item);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Item> replace(
      Owner owner,
      @PathVariable String id,
      @RequestBody @Valid ItemContent content,
      HttpServletRequest request) {
    return answer(
        done(items.replace(owner.id(), idOf(id), EntityTags.versions(request), content.title())));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(Owner owner, @PathVariable String id, HttpServletRequest request) {
    done(items.delete(owner.id(), idOf(id), EntityTags.versions(request)));
  }

  private static ResponseEntity<Item> answer(Item item) {
    return ResponseEntity.ok().eTag(EntityTags.of(item.version())).body(item);
  }

  private static Item done(Outcome<Item> change) {
    return switch (change) {
      case Outcome.Done<Item> done -> done.resource();
      case Outcome.Stale<Item> stale -> throw new ProblemException(ApiProblem.PRECONDITION_FAILED);
      case Outcome.Missing<Item> missing -> throw new ProblemException(HttpProblem.NOT_FOUND);
    };
  }

  /** Returns the id, or one that no item has, so that such a request asks the ledger as well. */
  private static UUID idOf(String text) {
    try {
      var id = UUID.fromString(text);
      return id.toString().equals(text) ? id : NO_ITEM;
    } catch (IllegalArgumentException e) {
      return NO_ITEM;
    }
  }
}
