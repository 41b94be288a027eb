package io.vachub.handoff;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The one thread that hands streams off when they are due. */
@Component
class HandoffTimer implements DisposableBean {

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "handoff");
            thread.setDaemon(true);
            return thread;
          });

  HandoffTimer() {
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs the task at this {@link System#nanoTime}, or at once if it has passed. */
  Future<?> at(long nanoTime, Runnable task) {
    return executor.schedule(task, nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void destroy() {
    executor.shutdownNow();
  }
}
