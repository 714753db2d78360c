/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import rowlock.limit.FailureLog;

/** Replaces Tomcat's error pages by problems. */
public final class ProblemReports
    implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
  private final ProblemWriter problems;
  private final ResponseHeaders headers;
  private final FailureLog failures;

  /**
   * @param headers the headers of all responses, which no filter adds to those of Tomcat
   */
  public ProblemReports(ProblemWriter problems, ResponseHeaders headers, FailureLog failures) {
    this.problems = problems;
    this.headers = headers;
    this.failures = failures;
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addConnectorCustomizers(
        connector ->
            connector.setProperty(
                "maxHeaderCount", Integer.toString(ProblemReportValve.HEADER_LIMIT)));
    factory.addContextCustomizers(
        context -> {
          var host = (StandardHost) context.getParent();
          host.setErrorReportValveClass("");
          host.getPipeline().addValve(new ProblemReportValve(problems, headers, failures));
        });
  }
}
