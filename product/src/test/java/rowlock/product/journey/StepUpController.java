/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.journey;

import org.springframework.boot.test.context.TestComponent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import rowlock.api.token.StepUp;

/** Provides routes that require a recent or strong login, or both. */
@TestComponent
@RestController
@RequestMapping("/probe/me")
public class StepUpController {
  @GetMapping("/recent")
  @StepUp(maxAge = 300)
  boolean recent() {
    return true;
  }

  @GetMapping("/strong")
  @StepUp(acr = {"2", "gold"})
  boolean strong() {
    return true;
  }

  @GetMapping("/both")
  @StepUp(
      acr = {"1"},
      maxAge = 300)
  boolean both() {
    return true;
  }
}
