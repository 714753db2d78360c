/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus.Series;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The metric {@code http.server.requests}, with the tags of Spring's {@code
 * DefaultServerRequestObservationConvention}. There is one timer for each route and outcome, which
 * is looked up once per request; an observation would build and sort its tags each time.
 */
public final class RequestTimers {
  private static final String NAME = "http.server.requests";
  private static final String NONE = "none";
  private static final Set<String> METHODS =
      Arrays.stream(HttpMethod.values())
          .map(HttpMethod::name)
          .collect(Collectors.toUnmodifiableSet());

  /** Limits the number of timers; further requests are counted as UNKNOWN. */
  private static final int MAX_TIMERS = 1000;

  private record Key(String method, String uri, int status, String failure) {}

  private final MeterRegistry meters;
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  /** Creates timers in a registry. */
  public RequestTimers(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Starts to measure a request. */
  public Measured start(HttpServletRequest request, HttpServletResponse response) {
    return new Measured(request, response);
  }

  private Timer timerOf(Key key) {
    var timer = timers.get(key);
    if (timer != null) {
      return timer;
    }
    return timers.size() < MAX_TIMERS
        ? timers.computeIfAbsent(key, this::timer)
        : timer(new Key("UNKNOWN", "UNKNOWN", key.status(), NONE));
  }

  private Timer timer(Key key) {
    return meters.timer(
        NAME,
        List.of(
            Tag.of("method", key.method()),
            Tag.of("uri", key.uri()),
            Tag.of("status", Integer.toString(key.status())),
            Tag.of("outcome", outcome(key.status())),
            Tag.of("exception", key.failure()),
            Tag.of("error", key.failure())));
  }

  /** Returns the method, or UNKNOWN: clients choose it, and a metric has few tags. */
  private static String method(String method) {
    return METHODS.contains(method) ? method : "UNKNOWN";
  }

  private static String uri(HttpServletRequest request, int status) {
    if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
        instanceof Object route) {
      var pattern = route.toString();
      return pattern.isEmpty() ? "root" : pattern;
    }
    return switch (status / 100) {
      case 3 -> "REDIRECTION";
      default -> status == 404 ? "NOT_FOUND" : "UNKNOWN";
    };
  }

  private static String outcome(int status) {
    var series = Series.resolve(status);
    return series == null
        ? "UNKNOWN"
        : switch (series) {
          case INFORMATIONAL -> "INFORMATIONAL";
          case SUCCESSFUL -> "SUCCESS";
          case REDIRECTION -> "REDIRECTION";
          case CLIENT_ERROR -> "CLIENT_ERROR";
          case SERVER_ERROR -> "SERVER_ERROR";
        };
  }

  /** A request that is being answered. */
  public final class Measured implements AsyncListener {
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final long start = System.nanoTime();
    private @Nullable Throwable failure;

    private Measured(HttpServletRequest request, HttpServletResponse response) {
      this.request = request;
      this.response = response;
    }

    /** Notes the exception that the request ends with. The container answers 500. */
    public void failed(Throwable thrown) {
      failure =
          thrown instanceof ServletException && thrown.getCause() instanceof Throwable cause
              ? cause
              : thrown;
      if (!response.isCommitted()) {
        response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      }
    }

    /** Records the request, now or when its asynchronous processing completes. */
    public void end() {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(this);
      } else {
        onComplete();
      }
    }

    private void onComplete() {
      var cause = failure;
      if (cause == null
          && request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable e) {
        cause = e;
      }
      var status = response.getStatus();
      timerOf(
              new Key(
                  method(request.getMethod()),
                  uri(request, status),
                  status,
                  cause == null ? NONE : cause.getClass().getSimpleName()))
          .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onComplete(AsyncEvent event) {
      onComplete();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // followed by onComplete
    }

    @Override
    public void onError(AsyncEvent event) {
      failure = event.getThrowable();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
