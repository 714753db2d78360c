/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import rowlock.problem.ProblemCatalogue;

/** Serves the description of each problem at the address that its {@code type} names. */
@RestController
final class ProblemPages {
  private final ProblemCatalogue catalogue;

  ProblemPages(ProblemCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  @GetMapping(path = "/problems/{code}", produces = "text/plain;charset=UTF-8")
  ResponseEntity<String> problem(@PathVariable String code) {
    var type = catalogue.find(code);
    if (type == null) {
      return ResponseEntity.notFound().build();
    }
    return ResponseEntity.ok(
        "%d %s%n%n%s%n%n%s%n"
            .formatted(type.status(), type.title(), catalogue.detail(type), type.rfc()));
  }
}
