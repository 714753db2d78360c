/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import org.springframework.data.relational.core.mapping.Embedded;

/**
 * The task of an idempotency key.
 *
 * @param sameContent whether the key was first sent with the same content
 */
record KeyedTask(boolean sameContent, @Embedded.Empty Task task) {

  TaskCreation creation() {
    return sameContent ? new TaskCreation.Created(task) : new TaskCreation.KeyReused();
  }
}
