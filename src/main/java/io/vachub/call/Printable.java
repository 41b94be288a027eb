package io.vachub.call;

import java.util.Set;

/** Makes what a client chose fit to be kept and logged: short, and on one line. */
public final class Printable {

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

  private Printable() {}

  /**
   * The first {@code max} characters of it, with a question mark for each that cannot be printed
   * and an ellipsis for the rest.
   */
  public static String of(String asSent, int max) {
    StringBuilder printable = new StringBuilder();
    asSent
        .codePoints()
        .limit(max)
        .map(character -> isPrintable(character) ? character : '?')
        .forEach(printable::appendCodePoint);
    if (asSent.length() > max && asSent.codePoints().skip(max).findAny().isPresent()) {
      printable.append('…');
    }
    return printable.toString();
  }

  private static boolean isPrintable(int character) {
    return !UNPRINTABLE.contains(Character.getType(character));
  }
}
