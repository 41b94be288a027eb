package io.vachub.loadtest.command;

/** How a command ends. */
public final class ExitCode {

  /** All went well and every assertion held. */
  public static final int OK = 0;

  /** An error in the load tester itself. */
  public static final int INTERNAL_ERROR = 1;

  /** The load could not begin: a bad option, an unreachable target, a bad certificate. */
  public static final int SETUP_ERROR = 2;

  /** The load ran, and was not as it should be: an assertion, or a flaw that is not allowed. */
  public static final int ASSERTION_FAILED = 3;

  private ExitCode() {}
}
