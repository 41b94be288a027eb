package io.vachub.loadtest.counters;

import java.util.List;

/**
 * What a counter of the service rose by during a load.
 *
 * @param counter its name on the metrics pages
 * @param pages the pages it was read from
 */
public record Book(String counter, List<Page> pages) {

  /**
   * One metrics page.
   *
   * @param url where it is
   * @param rise what the counter rose by, up to the last time that the page answered
   * @param found whether the counter was ever on it
   * @param gone whether the page did not answer at the end; what came after its last answer is not
   *     in the book
   */
  public record Page(String url, long rise, boolean found, boolean gone) {}

  /** Of all pages. */
  public long rise() {
    return pages.stream().mapToLong(Page::rise).sum();
  }

  /** Whether every page answered to the end and one of them has the counter. */
  public boolean complete() {
    return found() && pages.stream().noneMatch(Page::gone);
  }

  /** Whether the counter is on any of the pages. */
  public boolean found() {
    return pages.stream().anyMatch(Page::found);
  }
}
