/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the page's files under a path that contains the hash of their contents. */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {
  private final PageFiles files;

  PageConfiguration(PageFiles files) {
    this.files = files;
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    var cacheControl =
        files.isDevelopment()
            ? CacheControl.noStore()
            : CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    registry
        .addResourceHandler(files.path() + "lit-html/**")
        .addResourceLocations(files.libraryLocation())
        .setUseLastModified(false)
        .setCacheControl(cacheControl);
    registry
        .addResourceHandler(files.path() + "**")
        .addResourceLocations(files.location())
        .setUseLastModified(false)
        .setCacheControl(cacheControl);
  }
}
