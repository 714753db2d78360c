/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.session;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Deletes old rows and counts the others, once a minute, on every server a little. What the issuer
 * has not heard of is told again every few seconds.
 */
@Component
final class SessionSweep implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(SessionSweep.class);
  private static final int SECONDS = 60;
  private static final int ENDING_SECONDS = 3;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("session-sweep").factory());
  private final Sessions sessions;
  private final SessionMetrics metrics;

  SessionSweep(Sessions sessions, SessionMetrics metrics) {
    this.sessions = sessions;
    this.metrics = metrics;
  }

  @EventListener(ApplicationReadyEvent.class)
  void begin() {
    var unusedSweep = clock.scheduleWithFixedDelay(this::sweep, 1, SECONDS, TimeUnit.SECONDS);
    var unusedEnding =
        clock.scheduleWithFixedDelay(
            this::workOff, ENDING_SECONDS, ENDING_SECONDS, TimeUnit.SECONDS);
  }

  private void sweep() {
    try {
      sessions.store().sweep();
      metrics.live(sessions.store().count());
    } catch (DataAccessException away) {
      log.debug("Old sessions stay for another minute", away);
    }
  }

  private void workOff() {
    try {
      sessions.endings().workOff();
    } catch (DataAccessException away) {
      log.debug("What the issuer has not heard of waits for the database", away);
    }
  }

  @Override
  public void destroy() {
    clock.shutdownNow();
  }
}
