/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import rowlock.task.TaskApiApplication;
import rowlock.web.TaskWebApplication;

/**
 * Runs both applications in this JVM. Each gets the location of its own settings file, because both
 * files have the same name on one class path.
 */
public final class Applications {
  private Applications() {}

  /** Auto-configurations of the engine, which are not on task-web's class path in production. */
  private static final List<String> ENGINE =
      ImportCandidates.load(AutoConfiguration.class, TaskApiApplication.class.getClassLoader())
          .getCandidates()
          .stream()
          .filter(name -> name.startsWith("rowlock.api."))
          .toList();

  /** Starts task-api. */
  public static ConfigurableApplicationContext taskApi(List<String> settings) {
    return run(TaskApiApplication.class, settings);
  }

  /** Starts task-web without the auto-configurations of task-api's libraries. */
  public static ConfigurableApplicationContext taskWeb(List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.add("--spring.autoconfigure.exclude=" + String.join(",", ENGINE));
    all.add("--springdoc.api-docs.enabled=false");
    all.add("--springdoc.swagger-ui.enabled=false");
    return run(TaskWebApplication.class, all);
  }

  private static ConfigurableApplicationContext run(Class<?> main, List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.add(ownSettings(main));
    return new SpringApplication(main).run(all.toArray(String[]::new));
  }

  /**
   * Returns the argument that makes an application read the {@code application.yaml} next to its
   * own classes.
   */
  public static String ownSettings(Class<?> main) {
    var place = main.getProtectionDomain().getCodeSource().getLocation();
    var address = place.toString();
    return "--spring.config.location="
        + (address.endsWith("/")
            ? address + "application.yaml"
            : "jar:" + address + "!/application.yaml");
  }
}
