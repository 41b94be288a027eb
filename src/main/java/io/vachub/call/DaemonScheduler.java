package io.vachub.call;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Schedulers of the house's own, so that an application's scheduling is left as it is. */
public final class DaemonScheduler {

  private DaemonScheduler() {}

  /** One daemon thread of this name, which starts with its first task. */
  public static ScheduledExecutorService named(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
