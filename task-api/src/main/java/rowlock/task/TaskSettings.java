/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import rowlock.settings.InvalidSettingException;

/**
 * @param limit how many tasks one owner may have, {@code ROWLOCK_TASKS_LIMIT}. Requests that arrive
 *     in the same moment may each take the last place.
 */
@ConfigurationProperties("rowlock.tasks")
record TaskSettings(@DefaultValue("10000") int limit) {

  TaskSettings {
    if (limit < 1) {
      throw new InvalidSettingException(
          "ROWLOCK_TASKS_LIMIT", "must be how many tasks one owner may have, at least 1.");
    }
  }
}
