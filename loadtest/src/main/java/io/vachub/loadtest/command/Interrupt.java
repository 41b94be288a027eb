package io.vachub.loadtest.command;

import java.util.concurrent.CountDownLatch;

/**
 * Ends a load well on Ctrl-C or SIGTERM: the load is asked to stop, and the process waits for its
 * report and ends with its exit code, instead of the signal's.
 */
final class Interrupt implements AutoCloseable {

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook;
  private volatile int exitCode = ExitCode.INTERNAL_ERROR;

  /** From now on a signal calls {@code stop}. */
  Interrupt(Runnable stop) {
    hook =
        new Thread(
            () -> {
              stop.run();
              awaitQuietly();
              Runtime.getRuntime().halt(exitCode);
            },
            "interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The exit code if the load was interrupted. */
  void exitCode(int code) {
    exitCode = code;
  }

  @Override
  public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs already, and ends the process.
    }
  }

  private void awaitQuietly() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
