/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data;

import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** Starts an application that uses Rowlock only as its {@link DataSource}. */
public final class DataApplication {
  private DataApplication() {}

  public static ConfigurableApplicationContext start(
      Class<?> configuration, DataSource rows, Map<String, Object> properties) {
    var arguments =
        Stream.concat(
                Stream.of("--spring.main.banner-mode=off"),
                properties.entrySet().stream()
                    .map(property -> "--" + property.getKey() + "=" + property.getValue()))
            .toArray(String[]::new);
    return new SpringApplicationBuilder(configuration)
        .web(WebApplicationType.NONE)
        .initializers(
            context ->
                ((GenericApplicationContext) context)
                    .registerBean("dataSource", DataSource.class, () -> rows))
        .run(arguments);
  }
}
