package io.vachub.loadtest.display;

import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Counts;
import io.vachub.loadtest.measure.Percentiles;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Timing;
import io.vachub.loadtest.report.Numbers;
import java.io.PrintWriter;

/** One plain line for each interval, for logs and pipes. */
public final class LineDisplay implements Display {

  private final PrintWriter out;

  /** Writes to {@code out}. */
  public LineDisplay(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void show(Sample sample, Counts counts) {
    Percentiles lateness = sample.percentiles().get(Timing.LATENESS);
    out.printf(
        "%s streams=%d/%d pods=%d max_over_mean=%s rate=%s/s lateness_p99=%s handoffs=%d cut=%d"
            + " refused=%d connect=%d failures=%d%n",
        Numbers.clock(sample.seconds()),
        sample.open(),
        sample.planned(),
        sample.streamsByPod().size(),
        Numbers.ratio(sample.maxOverMean()),
        Numbers.rate(sample.rate()),
        lateness == null ? "-" : Numbers.millis(lateness.p99()).replace(" ", ""),
        counts.ended(Cause.Kind.HANDOFF),
        counts.cut(),
        counts.ended(Cause.Kind.REFUSED),
        counts.ended(Cause.Kind.CONNECT),
        counts.ended(Cause.Kind.FAILURE));
    out.flush();
  }
}
