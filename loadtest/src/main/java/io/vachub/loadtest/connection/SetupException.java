package io.vachub.loadtest.connection;

/**
 * A load cannot begin. The message is one sentence for the user: what was given, what is needed.
 */
public final class SetupException extends Exception {

  private static final long serialVersionUID = 1L;

  /** With the sentence that the user reads. */
  public SetupException(String message) {
    super(message);
  }
}
