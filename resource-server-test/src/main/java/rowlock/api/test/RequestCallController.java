/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import io.swagger.v3.oas.annotations.Hidden;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs code of tests on the thread of a request that has passed all filters. */
@Hidden
@TestComponent // so that an application that scans this package does not register it
@RestController
final class RequestCallController {
  static final String PATH = "/rowlock-test/me/calls/";

  private final RequestCalls calls;

  RequestCallController(RequestCalls calls) {
    this.calls = calls;
  }

  @PostMapping(PATH + "{id}")
  ResponseEntity<Void> run(@PathVariable UUID id) {
    return ResponseEntity.status(calls.run(id) ? HttpStatus.NO_CONTENT : HttpStatus.GONE).build();
  }
}
