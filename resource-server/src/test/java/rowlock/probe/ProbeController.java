/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.probe;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.owner.Owner;
import rowlock.api.token.StepUp;

/** Routes without a table. */
@Hidden
@RestController
@RequestMapping(path = "/probe", produces = MediaType.APPLICATION_JSON_VALUE)
class ProbeController {
  record Node(String name, Boolean flag, Integer count, List<Node> items) {}

  @GetMapping("/{owner}")
  Map<String, Object> owner(@PathVariable String owner, Owner current) {
    return Map.of(
        "id", current.id().toString(),
        "sid", current.sessionId(),
        "iat", current.issuedAt().getEpochSecond());
  }

  @PostMapping(path = "/me/items", consumes = MediaType.APPLICATION_JSON_VALUE)
  Node echo(@RequestBody Node node) {
    return node;
  }

  @GetMapping("/me/thread")
  boolean thread() {
    return Thread.currentThread().isVirtual();
  }

  @GetMapping("/me/broken")
  Node broken() {
    throw new IllegalStateException("secret detail");
  }

  @GetMapping("/me/recent")
  @StepUp(maxAge = 300)
  boolean recent() {
    return true;
  }

  @GetMapping("/me/strong")
  @StepUp(acr = {"2", "gold"})
  boolean strong() {
    return true;
  }

  @GetMapping("/{owner}/both")
  @StepUp(
      acr = {"1"},
      maxAge = 300)
  boolean both() {
    return true;
  }

  @GetMapping("/me/number")
  int number(@RequestParam int value) {
    return value;
  }
}
