/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.owner;

import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import java.util.List;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Checks the owner of every route. */
@AutoConfiguration
@AutoConfigureOrder(Ordered.HIGHEST_PRECEDENCE) // what Spring Boot would make instead backs off
@Import({OwnerFilter.class})
class OwnerAutoConfiguration implements WebMvcConfigurer {
  private final OwnerPath path = new OwnerPath();

  OwnerAutoConfiguration() {
    // The owner comes from the token; it is no parameter that a client could send.
    SpringDocUtils.getConfig().addRequestWrapperToIgnore(Owner.class);
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(path);
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(path);
  }

  /**
   * Adds the path variable to the OpenAPI description: controllers declare the owner, not the
   * variable.
   */
  @Bean
  static GlobalOpenApiCustomizer rowlockOwnerParameter() {
    return api -> {
      if (api.getPaths() != null) {
        api.getPaths()
            .forEach(
                (path, item) -> {
                  if (path.contains("{owner}")) {
                    item.readOperations()
                        .forEach(
                            operation ->
                                operation.addParametersItem(
                                    new PathParameter()
                                        .name("owner")
                                        .description("me, or the sub of the access token")
                                        .schema(new StringSchema())));
                  }
                });
      }
    };
  }
}
