/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.test;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * Gives an application context its settings, its database and the beans of the test kit. All
 * customizers are equal, so that tests with the same configuration share a context.
 */
record RowlockContextCustomizer() implements ContextCustomizer {

  @Override
  public void customizeContext(
      ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
    var database = TestDatabase.create();
    var issuer = TestIssuer.shared();
    Map<String, Object> settings = new LinkedHashMap<>(database.settings());
    settings.put("rowlock.issuer", issuer.url());
    settings.put("rowlock.audience", TestIssuer.AUDIENCE);
    settings.put("management.server.port", 0);
    var sources = context.getEnvironment().getPropertySources();
    // behind the properties of the test, which SpringBootTest always adds: those override ours
    sources.addAfter(
        TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME,
        new MapPropertySource("rowlockTest", settings));

    var calls = new RequestCalls();
    var beans = context.getBeanFactory();
    beans.registerSingleton("rowlockTestDatabase", database);
    beans.registerSingleton("rowlockTestIssuer", issuer);
    beans.registerSingleton("rowlockTestController", new RequestCallController(calls));
    beans.registerSingleton(
        "rowlockTestClient", new RowlockClient(context.getEnvironment(), issuer, calls));
  }
}
