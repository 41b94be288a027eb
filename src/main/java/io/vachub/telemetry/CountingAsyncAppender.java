package io.vachub.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Counts the lines that it drops when its queue is full. */
public class CountingAsyncAppender extends AsyncAppender {

  @Override
  protected void append(ILoggingEvent event) {
    if (isNeverBlock() && getRemainingCapacity() == 0) {
      LostLines.Reason.QUEUE_FULL.increment();
    } else {
      super.append(event);
    }
  }
}
