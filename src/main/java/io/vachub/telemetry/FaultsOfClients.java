package io.vachub.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.concurrent.TimeUnit;
import org.slf4j.Marker;
import org.slf4j.helpers.MessageFormatter;

/**
 * Keeps faults of clients from filling the log: of the loggers of gRPC and Tomcat, ten lines a
 * second pass, and the first line of a second says how many were dropped before. Lines of the
 * transport are shortened to one line without a stack trace.
 */
public class FaultsOfClients extends TurboFilter {

  private static final int LINES_PER_SECOND = 10;

  private static final String TRANSPORT = "io.grpc.netty.";

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
    if (before == 0 && t == null) {
      return FilterReply.NEUTRAL;
    }
    boolean bare = t != null && logger.getName().startsWith(TRANSPORT);
    String line = MessageFormatter.arrayFormat(format, params).getMessage();
    if (bare) {
      line += ": " + t;
    }
    if (before > 0) {
      line += " (" + before + " more lines about faults of clients were dropped)";
    }
    PASSING.set(true);
    try {
      logger.log(
          marker,
          Logger.FQCN,
          Level.toLocationAwareLoggerInteger(level),
          line.replaceAll("\\p{Cntrl}", "?"),
          null,
          bare ? null : t);
    } finally {
      PASSING.remove();
    }
    return FilterReply.DENY;
  }

  private static boolean isOfClients(Logger logger, Level level) {
    String name = logger.getName();
    return (name.startsWith("io.grpc.") || name.startsWith("org.apache.coyote."))
        && level.isGreaterOrEqual(logger.getEffectiveLevel());
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
