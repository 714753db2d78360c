/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.page;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import rowlock.web.settings.IssuerSettings;
import rowlock.web.settings.RelaySettings;
import rowlock.web.settings.ServerSettings;

/** Logs the addresses of this server, the issuer and the API at the start. */
@Component
final class StartupLines {
  private static final Logger log = LoggerFactory.getLogger(StartupLines.class);

  private final ServerSettings server;
  private final IssuerSettings issuer;
  private final RelaySettings relay;

  StartupLines(ServerSettings server, IssuerSettings issuer, RelaySettings relay) {
    this.server = server;
    this.issuer = issuer;
    this.relay = relay;
  }

  @EventListener(ApplicationReadyEvent.class)
  void ready() {
    log.info("Ready on {}", server.publicUrl());
    log.info("Issuer {}, client {}, API {}", issuer.issuer(), issuer.clientId(), relay.api());
    if (issuer.httpAllowed()) {
      log.warn("ROWLOCK_HTTP_ALLOWED=true: servers may exchange tokens over plain http");
    }
  }
}
