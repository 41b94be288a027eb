package io.vachub.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.vachub.call.Printable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Marker;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/**
 * Keeps faults of clients from filling the log: of the loggers that tell of them ten lines a second
 * pass, and the first line of a second says how many were dropped before. Each is cut to one line
 * of what can be printed, and has a stack trace only where it may be a fault of the service.
 */
public class FaultsOfClients extends TurboFilter {

  private static final int LINES_PER_SECOND = 10;

  private static final int MAX_LENGTH = 500;

  /** gRPC, OpenTelemetry's reading of headers, Tomcat and Spring's answers of the HTTP port. */
  private static final List<String> LOGGERS =
      List.of(
          "io.grpc.",
          "io.opentelemetry.api.",
          "io.opentelemetry.extension.trace.",
          "org.apache.catalina.",
          "org.apache.coyote.",
          "org.apache.tomcat.",
          "org.springframework.web.servlet.");

  /** What runs the handlers of gRPC and of HTTP. */
  private static final List<String> HANDLERS =
      List.of("io.grpc.internal.", "org.apache.catalina.core.");

  /** What Tomcat throws into a handler that asks for a parameter which cannot be read. */
  private static final String UNREADABLE_REQUEST = "org.apache.tomcat.util.";

  /** Whether this thread is logging a line that has already passed. */
  private static final ThreadLocal<Boolean> PASSING = new ThreadLocal<>();

  private long second;
  private int lines;
  private long leftOut;

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
    if (format == null || PASSING.get() != null || !isOfClients(logger, level)) {
      return FilterReply.NEUTRAL;
    }
    long before = pass();
    if (before < 0) {
      LostLines.Reason.RATE_LIMIT.increment();
      return FilterReply.DENY;
    }
    FormattingTuple message = MessageFormatter.arrayFormat(format, params);
    Throwable thrown = t == null ? message.getThrowable() : t;
    String line = message.getMessage();
    if (thrown != null && !mayBeOfTheService(logger, thrown)) {
      line += ": " + thrown;
      thrown = null;
    }
    line = Printable.of(line, MAX_LENGTH);
    if (before > 0) {
      line += " (" + before + " more lines about faults of clients were dropped)";
    }
    PASSING.set(true);
    try {
      logger.log(
          marker, Logger.FQCN, Level.toLocationAwareLoggerInteger(level), line, null, thrown);
    } finally {
      PASSING.remove();
    }
    return FilterReply.DENY;
  }

  private static boolean mayBeOfTheService(Logger logger, Throwable thrown) {
    return HANDLERS.stream().anyMatch(logger.getName()::startsWith)
        && !thrown.getClass().getName().startsWith(UNREADABLE_REQUEST);
  }

  private static boolean isOfClients(Logger logger, Level level) {
    return level.isGreaterOrEqual(logger.getEffectiveLevel())
        && LOGGERS.stream().anyMatch(logger.getName()::startsWith);
  }

  /** How many lines were dropped before this one; negative if this one must be dropped too. */
  private synchronized long pass() {
    long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    if (now != second) {
      second = now;
      lines = 0;
    }
    if (lines >= LINES_PER_SECOND) {
      leftOut++;
      return -1;
    }
    lines++;
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
