/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.web;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import rowlock.problem.HttpProblem;
import rowlock.problem.ProblemCatalogue;
import rowlock.problem.ProblemException;

/** Serves the pages that {@code type} of a problem references, generated from the catalogue. */
@Hidden
@RestController
final class ProblemPages {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s</title>
      <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
      @media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } a { color: #8cf; } }
      </style>
      </head>
      <body>
      <main>
      <h1>%1$s</h1>
      %2$s
      </main>
      </body>
      </html>
      """;

  private final ProblemCatalogue catalogue;

  ProblemPages(ProblemCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  @GetMapping(path = "/problems", produces = "text/html;charset=UTF-8")
  ResponseEntity<String> index() {
    var list = new StringBuilder("<ul>\n");
    for (var type : catalogue.problems()) {
      list.append(
          "<li><a href=\"/problems/%s\">%d %s</a></li>\n"
              .formatted(type.code(), type.status(), type.title()));
    }
    return page("Problems of this API", list.append("</ul>").toString());
  }

  @GetMapping(path = "/problems/{code}", produces = "text/html;charset=UTF-8")
  ResponseEntity<String> problem(@PathVariable String code) {
    var type = catalogue.find(code);
    if (type == null) {
      throw new ProblemException(HttpProblem.NOT_FOUND);
    }
    var section =
        "<p>Status %d</p>\n<p>%s</p>\n<p><a href=\"%s\">Specification</a></p>"
            .formatted(type.status(), catalogue.detail(type), type.rfc());
    return page(type.title(), section);
  }

  private static ResponseEntity<String> page(String title, String content) {
    return ResponseEntity.ok()
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
        .body(PAGE.formatted(title, content));
  }
}
