/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.api.audit;

import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import rowlock.api.settings.ScopeSettings;
import rowlock.api.settings.ServerSettings;
import rowlock.api.settings.TokenSettings;

/** Logs the trusted issuer and the address of this server at start-up. */
@Component
final class StartupLines {
  private static final Logger log = LoggerFactory.getLogger(StartupLines.class);

  private final ServerSettings server;
  private final TokenSettings tokens;
  private final ScopeSettings scopes;

  StartupLines(ServerSettings server, TokenSettings tokens, ScopeSettings scopes) {
    this.server = server;
    this.tokens = tokens;
    this.scopes = scopes;
  }

  @EventListener(ApplicationReadyEvent.class)
  void ready() {
    log.info(
        "Ready on {}; API documentation at {}/swagger-ui.html",
        server.publicUrl(),
        server.publicUrl());
    log.info(
        "Accepting access tokens of {} for {}, algorithms {}, maximum lifetime {}",
        tokens.issuer(),
        tokens.audience(),
        tokens.algorithms().stream().sorted().collect(Collectors.joining(", ")),
        tokens.maxLifetime());
    if (tokens.httpAllowed()) {
      log.warn("ROWLOCK_HTTP_ALLOWED=true: the issuer's keys may be fetched over plain http");
    }
    if (!scopes.enforced()) {
      log.warn("ROWLOCK_SCOPES_ENFORCED=false: access tokens need no scope");
    }
  }
}
