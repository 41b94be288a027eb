package io.vachub.streamer;

import io.vachub.call.Printable;

/**
 * The id of a client, shortened and cleaned so that it can be kept as long as its stream and
 * logged.
 */
final class ClientName {

  /** In code points. */
  static final int MAX_LENGTH = 128;

  static final String UNKNOWN = "unknown";

  private ClientName() {}

  /**
   * What can be printed of its first {@value #MAX_LENGTH} characters; {@value #UNKNOWN} if blank.
   */
  static String of(String asSent) {
    String name = Printable.of(asSent, MAX_LENGTH);
    return name.isBlank() ? UNKNOWN : name;
  }
}
