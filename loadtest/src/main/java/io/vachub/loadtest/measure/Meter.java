package io.vachub.loadtest.measure;

import io.vachub.loadtest.account.Account;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Counts and times what one event loop does. Written by that loop alone; read by one other thread,
 * which takes histograms away interval by interval.
 */
public final class Meter {

  /** A message is late when it leaves more than this after its scheduled time. */
  public static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A message that could not leave within this is unsent when its stream ends. */
  public static final long UNSENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
  private static final int DIGITS = 3;

  /** A server whose messages differ each time must not fill the memory. */
  private static final int MOST_TEXTS = 20;

  private static final String OTHER_TEXTS = "other words";

  private final Map<Timing, SingleWriterRecorder> recorders = new EnumMap<>(Timing.class);
  private final Map<Timing, Histogram> recycled = new EnumMap<>(Timing.class);
  private final Map<Cause, LongAdder> causes = new ConcurrentHashMap<>();
  private final Map<Cause, Map<String, LongAdder>> texts = new ConcurrentHashMap<>();
  private final Map<String, PodMeter> pods = new ConcurrentHashMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder resent = new LongAdder();
  private final LongAdder processed = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder doubled = new LongAdder();
  private final LongAdder unknown = new LongAdder();
  private final LongAdder unsettled = new LongAdder();
  private final LongAdder unsettledStreams = new LongAdder();
  private final LongAdder neverOpened = new LongAdder();
  private final LongAdder counted = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private final LongAdder late = new LongAdder();
  private final LongAdder uncorrectedLate = new LongAdder();
  private final LongAdder opened = new LongAdder();
  private volatile long cpuNanos;

  /** A meter at zero. */
  public Meter() {
    for (Timing timing : Timing.values()) {
      recorders.put(timing, new SingleWriterRecorder(1, HIGHEST_MICROS, DIGITS));
    }
  }

  /** A histogram of the kind that timings are kept in, in microseconds. */
  public static Histogram newHistogram() {
    return new Histogram(1, HIGHEST_MICROS, DIGITS);
  }

  /** The event loop has used so much processor time since the load began. */
  public void cpuNanos(long sinceStart) {
    cpuNanos = sinceStart;
  }

  long cpuNanos() {
    return cpuNanos;
  }

  /** Records one duration; more than an hour counts as an hour. */
  public void record(Timing timing, long nanos) {
    recorders.get(timing).recordValue(Math.min(HIGHEST_MICROS, Math.max(0, nanos) / 1_000));
  }

  /** A message left for the first time, without a schedule. */
  public void sent() {
    sent.increment();
  }

  /** A message left for the first time, this long after its scheduled time. */
  public void sent(long latenessNanos, long uncorrectedNanos) {
    sent.increment();
    record(Timing.LATENESS, latenessNanos);
    record(Timing.UNCORRECTED_LATENESS, uncorrectedNanos);
    if (latenessNanos > LATE_NANOS) {
      late.increment();
    }
    if (uncorrectedNanos > LATE_NANOS) {
      uncorrectedLate.increment();
    }
  }

  /** A message left again. */
  public void resent() {
    resent.increment();
  }

  /** A server is known to have processed more messages. */
  public void processed(long messages) {
    processed.add(messages);
  }

  /** Messages are known not to have been processed, and nobody will send them again. */
  public void lost(long messages) {
    lost.add(messages);
  }

  /** A server counted more messages than were sent. */
  public void doubled(long messages) {
    doubled.add(messages);
  }

  /** It is not known whether these messages were processed. */
  public void unknown(long messages) {
    unknown.add(messages);
  }

  /** A stream was abandoned at the end of the load, with so many messages not settled. */
  public void unsettled(long messages) {
    unsettled.add(messages);
    unsettledStreams.increment();
  }

  /** A stream was never answered by a server. */
  public void neverOpened() {
    neverOpened.increment();
  }

  /** So many messages were due and never left. */
  public void unsent(long messages) {
    unsent.add(messages);
  }

  /** A server has answered a stream. */
  public void opened() {
    opened.increment();
  }

  /** A server said how many messages of a stream it has processed. */
  public void counted() {
    counted.increment();
  }

  /** A stream is served by this pod, whose meter is told of all that follows. */
  public PodMeter joined(String pod) {
    PodMeter meter = pods.computeIfAbsent(pod, p -> new PodMeter());
    meter.joined();
    return meter;
  }

  /** A stream ended before its client completed it. */
  public void ended(Cause cause) {
    causes.computeIfAbsent(cause, c -> new LongAdder()).increment();
  }

  /** The same, with the words that came with it. */
  public void ended(Cause cause, String text) {
    ended(cause);
    Map<String, LongAdder> said = texts.computeIfAbsent(cause, c -> new ConcurrentHashMap<>());
    String kept = said.size() < MOST_TEXTS || said.containsKey(text) ? text : OTHER_TEXTS;
    said.computeIfAbsent(kept, t -> new LongAdder()).increment();
  }

  /** Adds what was recorded since the last call to {@code sum}. */
  void drainInto(Timing timing, Histogram sum) {
    Histogram interval = recorders.get(timing).getIntervalHistogram(recycled.get(timing));
    sum.add(interval);
    recycled.put(timing, interval);
  }

  /** Everything counted so far by all of these meters. */
  static Counts counts(Collection<Meter> meters) {
    return meters.stream().map(Meter::counts).reduce(Counts.NONE, Counts::plus);
  }

  private Counts counts() {
    Map<Cause, Map<String, Long>> said = new HashMap<>();
    texts.forEach((cause, counts) -> said.put(cause, sums(counts)));
    Map<String, PodCounts> podCounts = new TreeMap<>();
    pods.forEach((pod, counts) -> podCounts.put(pod, counts.counts()));
    return new Counts(
        account(),
        late.sum(),
        uncorrectedLate.sum(),
        opened.sum(),
        unsettledStreams.sum(),
        neverOpened.sum(),
        unsent.sum(),
        counted.sum() > 0,
        sums(causes),
        said,
        podCounts);
  }

  private static <K> Map<K, Long> sums(Map<K, LongAdder> counts) {
    Map<K, Long> sums = new HashMap<>();
    counts.forEach((key, count) -> sums.put(key, count.sum()));
    return sums;
  }

  private Account account() {
    return new Account(
        sent.sum(),
        resent.sum(),
        processed.sum(),
        lost.sum(),
        doubled.sum(),
        unknown.sum(),
        unsettled.sum());
  }
}
