package io.vachub.streamer;

import java.util.Set;

/**
 * The id of a client, shortened and cleaned so that it can be kept as long as its stream and
 * logged.
 */
final class ClientName {

  /** In code points. */
  static final int MAX_LENGTH = 128;

  static final String UNKNOWN = "unknown";

  /**
   * Characters that move the cursor, hide text or change its direction, and unpaired surrogates.
   */
  private static final Set<Integer> UNPRINTABLE =
      Set.of(
          (int) Character.CONTROL,
          (int) Character.FORMAT,
          (int) Character.LINE_SEPARATOR,
          (int) Character.PARAGRAPH_SEPARATOR,
          (int) Character.SURROGATE,
          (int) Character.PRIVATE_USE,
          (int) Character.UNASSIGNED);

  private ClientName() {}

  /**
   * The first {@value #MAX_LENGTH} characters of it, with a question mark for each that cannot be
   * printed and an ellipsis for the rest; {@value #UNKNOWN} if it is blank.
   */
  static String of(String asSent) {
    StringBuilder name = new StringBuilder();
    asSent
        .codePoints()
        .limit(MAX_LENGTH)
        .map(character -> isPrintable(character) ? character : '?')
        .forEach(name::appendCodePoint);
    if (asSent.length() > MAX_LENGTH
        && asSent.codePoints().skip(MAX_LENGTH).findAny().isPresent()) {
      name.append('…');
    }
    return name.toString().isBlank() ? UNKNOWN : name.toString();
  }

  private static boolean isPrintable(int character) {
    return !UNPRINTABLE.contains(Character.getType(character));
  }
}
