/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import rowlock.settings.InvalidSettingException;

/**
 * @param limit the maximum number of tasks of one owner, {@code ROWLOCK_TASKS_LIMIT}. Concurrent
 *     requests may exceed it slightly.
 */
@ConfigurationProperties("rowlock.tasks")
record TaskSettings(@DefaultValue("10000") int limit) {

  TaskSettings {
    if (limit < 1) {
      throw new InvalidSettingException(
          "ROWLOCK_TASKS_LIMIT", "must be the maximum number of tasks of one owner, at least 1.");
    }
  }
}
