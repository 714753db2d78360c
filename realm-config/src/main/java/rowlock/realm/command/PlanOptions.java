/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.command;

import picocli.CommandLine.Option;
import rowlock.realm.plan.Plan;

/** Options that choose what belongs to a plan. */
final class PlanOptions {
  @Option(
      names = "--prune",
      description =
          "Removes objects that an earlier apply declared and the source no longer declares.")
  private boolean prune;

  @Option(
      names = "--rewrite-secrets",
      description = "Writes all secret values, even if they are those that were applied last.")
  private boolean rewriteSecrets;

  Plan.Options choice() {
    return new Plan.Options(prune, rewriteSecrets);
  }
}
