package io.vachub.loadtest.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * The samples of a load in order. So that an endless load does not fill the memory, each two
 * neighbours become one sample of twice the length above a limit.
 */
public final class Series {

  private static final int LIMIT = 7_200;

  private final int limit;
  private final List<Sample> samples = new ArrayList<>();
  private int merged = 1;
  private Sample pending;
  private int inPending;

  /** A series that keeps two hours of one-second samples. */
  public Series() {
    this(LIMIT);
  }

  Series(int limit) {
    this.limit = limit;
  }

  /** Adds the next sample. */
  public void add(Sample sample) {
    pending = pending == null ? sample : pending.mergedWith(sample);
    if (++inPending < merged) {
      return;
    }
    samples.add(pending);
    pending = null;
    inPending = 0;
    if (samples.size() > limit) {
      halve();
    }
  }

  /** All samples so far. */
  public List<Sample> samples() {
    List<Sample> all = new ArrayList<>(samples);
    if (pending != null) {
      all.add(pending);
    }
    return all;
  }

  private void halve() {
    List<Sample> halved = new ArrayList<>();
    for (int i = 0; i + 1 < samples.size(); i += 2) {
      halved.add(samples.get(i).mergedWith(samples.get(i + 1)));
    }
    merged *= 2;
    if (samples.size() % 2 == 1) {
      pending = samples.get(samples.size() - 1);
      inPending = merged / 2;
    }
    samples.clear();
    samples.addAll(halved);
  }
}
