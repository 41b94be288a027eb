package io.vachub.loadtest.load;

/**
 * How many messages each stream sends in a second.
 *
 * @param perSecond 0 for none, infinity for as fast as flow control allows
 */
public record Rate(double perSecond) {

  /** What {@link #parse} accepts. */
  public static final String EXPECTED = "0 or more messages per second, or max";

  /** As fast as flow control allows. */
  public static final Rate MAX = new Rate(Double.POSITIVE_INFINITY);

  /** Throws {@link IllegalArgumentException} below 0 or not a number. */
  public Rate {
    if (!(perSecond >= 0)) {
      throw new IllegalArgumentException(EXPECTED);
    }
  }

  /**
   * Reads {@code 5}, {@code 0.5} or {@code max}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Rate parse(String text) {
    if (text.equals("max")) {
      return MAX;
    }
    try {
      double perSecond = Double.parseDouble(text);
      if (Double.isFinite(perSecond)) {
        return new Rate(perSecond);
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(EXPECTED);
  }

  /** Whether messages are sent at fixed times. */
  public boolean paced() {
    return perSecond > 0 && !unlimited();
  }

  /** Whether messages leave as fast as flow control allows. */
  public boolean unlimited() {
    return perSecond == Double.POSITIVE_INFINITY;
  }

  @Override
  public String toString() {
    if (unlimited()) {
      return "max";
    }
    return perSecond == Math.rint(perSecond)
        ? Long.toString((long) perSecond)
        : Double.toString(perSecond);
  }
}
