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
 * Deletes expired sessions and counts live ones once a minute, and retries pending logouts every
 * few seconds. It runs on every server.
 */
@Component
final class SessionMaintenance implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(SessionMaintenance.class);
  private static final int INTERVAL_SECONDS = 60;
  private static final int LOGOUT_INTERVAL_SECONDS = 3;

  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("session-maintenance").factory());
  private final Sessions sessions;
  private final SessionMetrics metrics;

  SessionMaintenance(Sessions sessions, SessionMetrics metrics) {
    this.sessions = sessions;
    this.metrics = metrics;
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    var unusedCleanup =
        executor.scheduleWithFixedDelay(this::cleanUp, 1, INTERVAL_SECONDS, TimeUnit.SECONDS);
    var unusedLogouts =
        executor.scheduleWithFixedDelay(
            this::retryLogouts, LOGOUT_INTERVAL_SECONDS, LOGOUT_INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  private void cleanUp() {
    try {
      sessions.store().deleteExpired();
      metrics.live(sessions.store().count());
    } catch (DataAccessException e) {
      log.debug("Expired sessions were not deleted; retry in one minute", e);
    } catch (RuntimeException e) {
      // a task that throws is not repeated
      log.error("Deletion of expired sessions failed; retry in one minute", e);
    }
  }

  private void retryLogouts() {
    try {
      sessions.pendingLogouts().retryAll();
    } catch (DataAccessException e) {
      log.debug("Pending logouts were not read; retry in a few seconds", e);
    } catch (RuntimeException e) {
      log.error("Retry of pending logouts failed; next attempt in a few seconds", e);
    }
  }

  @Override
  public void destroy() {
    executor.shutdownNow();
  }
}
