/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What {@code type} of a problem leads to, made from the catalogue. */
@RestController
final class ProblemPages {

  @GetMapping(path = "/problems/{code}", produces = "text/plain;charset=UTF-8")
  ResponseEntity<String> problem(@PathVariable String code) {
    Optional<ProblemType> found =
        Stream.of(ProblemType.values()).filter(type -> type.code().equals(code)).findFirst();
    return ResponseEntity.of(
        found.map(
            type ->
                "%d %s%n%n%s%n%n%s%n"
                    .formatted(type.status(), type.title(), type.detail(), type.rfc())));
  }
}
