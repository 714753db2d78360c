/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import rowlock.api.test.IsolationContract;
import rowlock.api.test.OwnerClient;
import rowlock.api.test.RowlockTest;

/** The contract of isolation, on tasks. */
@RowlockTest(classes = TaskApiApplication.class)
class TaskIsolationIT extends IsolationContract {
  @Override
  protected List<String> tables() {
    return List.of("api.task");
  }

  @Override
  protected String create(OwnerClient owner) {
    var created = owner.post("/api/me/tasks", "{\"title\": \"a title\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    return URI.create(created.headers().firstValue("Location").orElseThrow()).getPath();
  }
}
