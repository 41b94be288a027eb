package io.vachub.loadtest.counters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * By how much a counter of the service increased during a load.
 *
 * @param counter its name on the metrics pages
 * @param pages the pages it was read from
 */
public record CounterIncrease(String counter, List<Page> pages) {

  /**
   * One metrics page.
   *
   * @param url where it is
   * @param before what the counter was at before the load; 0 where it was not there yet
   * @param after what it was at when the page answered last
   * @param increase its increase, up to the last time that the page answered
   * @param found whether the counter was ever on it
   * @param gone whether the page did not answer at the end; what came after its last answer is not
   *     counted
   */
  public record Page(
      String url, long before, long after, long increase, boolean found, boolean gone) {

    /**
     * This page as two load testers read it that ran at the same time. If the counter was reset
     * meanwhile, their sum is not known, and some may be missing.
     */
    Page and(Page other) {
      boolean steady = isSteady() && other.isSteady();
      long first = Math.min(before, other.before);
      long last = Math.max(after, other.after);
      return new Page(
          url,
          first,
          last,
          steady ? last - first : Math.max(increase, other.increase),
          found || other.found,
          !steady || gone || other.gone);
    }

    private boolean isSteady() {
      return increase == after - before;
    }
  }

  /** What two load testers that ran at the same time read of the same counter. */
  public CounterIncrease and(CounterIncrease other) {
    Map<String, Page> both = new LinkedHashMap<>();
    Stream.concat(pages.stream(), other.pages.stream())
        .forEach(page -> both.merge(page.url(), page, Page::and));
    return new CounterIncrease(counter, List.copyOf(both.values()));
  }

  /** Of all pages. */
  public long total() {
    return pages.stream().mapToLong(Page::increase).sum();
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
