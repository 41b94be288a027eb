package io.vachub.loadtest.display;

/** How large a terminal is, in characters. */
public record Size(int columns, int rows) {

  /** If the size is not known. */
  public static final Size USUAL = new Size(80, 24);
}
