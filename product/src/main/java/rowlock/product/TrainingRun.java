/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs task-api and task-web beside those of the local stack, with the same databases, and sends
 * some requests. The JVM records the classes that they use. Settings are environment variables.
 */
final class TrainingRun {
  /** Variables for free ports. */
  static final Map<String, String> PORTS =
      Map.of(
          "ROWLOCK_API_PORT", "0",
          "ROWLOCK_API_MANAGEMENT_PORT", "0",
          "ROWLOCK_WEB_PORT", "0",
          "ROWLOCK_WEB_MANAGEMENT_PORT", "0",
          // no request of this run depends on the public address
          "ROWLOCK_WEB_URL", "http://localhost:8000");

  private static final String SERVER = "local.server.port";
  private static final String MANAGEMENT = "local.management.port";

  private TrainingRun() {}

  /** Runs both applications once. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (var api = Applications.taskApi(LocalRowlock.FEW_LINES);
        var web = Applications.taskWeb(LocalRowlock.FEW_LINES);
        var http = HttpClient.newHttpClient()) {
      for (var address :
          List.of(
              address(api, MANAGEMENT, "/actuator/health/readiness"),
              address(api, SERVER, "/api/me/tasks"),
              address(api, SERVER, "/.well-known/jwks.json"),
              address(web, MANAGEMENT, "/actuator/health/readiness"),
              address(web, SERVER, "/"),
              address(web, SERVER, "/session"),
              address(web, SERVER, "/api/me/tasks"),
              address(web, SERVER, "/login"))) {
        http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding());
      }
    }
    System.exit(0);
  }

  private static URI address(ConfigurableApplicationContext application, String port, String path) {
    return URI.create(
        "http://localhost:" + application.getEnvironment().getRequiredProperty(port) + path);
  }
}
