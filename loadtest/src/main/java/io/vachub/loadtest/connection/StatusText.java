package io.vachub.loadtest.connection;

import com.google.common.base.Throwables;
import io.grpc.Status;

/** The text of a status, on one line. */
public final class StatusText {

  private static final int MOST_CHARACTERS = 200;

  private StatusText() {}

  /** Code, description and root cause: {@code UNAVAILABLE: io exception: Connection refused}. */
  public static String of(Status status) {
    String reason = reason(status);
    String code = status.getCode().name();
    return reason.isEmpty() ? code : code + ": " + reason;
  }

  /**
   * Description and root cause; a cause without a message has its type's name instead. Empty where
   * there is neither.
   */
  static String reason(Status status) {
    String description = firstLine(status.getDescription());
    String cause =
        status.getCause() == null ? "" : words(Throwables.getRootCause(status.getCause()));
    String reason =
        description.contains(cause)
            ? description
            : description.isEmpty() ? cause : description + ": " + cause;
    return reason.length() <= MOST_CHARACTERS ? reason : reason.substring(0, MOST_CHARACTERS) + "…";
  }

  private static String words(Throwable cause) {
    String message = firstLine(cause.getMessage());
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  private static String firstLine(String text) {
    return text == null ? "" : text.lines().findFirst().orElse("").strip();
  }
}
