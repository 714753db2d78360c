/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the page. It contains no personal data. It is not cached, so that a new version takes
 * effect at once.
 */
@RestController
final class PageController {
  private final PageFiles files;

  PageController(PageFiles files) {
    this.files = files;
  }

  @GetMapping(path = "/", produces = "text/html;charset=UTF-8")
  ResponseEntity<byte[]> page() {
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(files.index());
  }
}
