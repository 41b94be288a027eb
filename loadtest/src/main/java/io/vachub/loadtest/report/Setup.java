package io.vachub.loadtest.report;

import io.vachub.loadtest.counters.CounterIncrease;
import io.vachub.loadtest.load.Durations;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a load was set up, by name: what two reports must have in common to be merged. */
public final class Setup {

  /**
   * What each message is and how it is measured: reports in which this differs cannot be merged.
   */
  public static final List<String> OF_A_MESSAGE =
      List.of(
          "target",
          "method",
          "rate",
          "message size",
          "handoff",
          "channels",
          "lifetime",
          "counters");

  private Setup() {}

  /** All of it, as the user could give it. */
  public static Map<String, String> of(Report report) {
    Load load = report.load();
    Map<String, String> setup = new LinkedHashMap<>();
    setup.put("target", report.target());
    setup.put("method", load.rpc().fullMethod());
    setup.put("rate", load.rate().toString());
    setup.put("message size", Integer.toString(load.messageBytes()));
    setup.put("handoff", load.consent().name().toLowerCase(Locale.ROOT));
    setup.put("channels", Integer.toString(load.channels()));
    setup.put("lifetime", load.course().lifetime().toString());
    setup.put("counters", report.increase().map(CounterIncrease::counter).orElse("none"));
    setup.put("clients", Integer.toString(load.clients()));
    setup.put("streams", Integer.toString(load.streams()));
    setup.put("ramp", load.ramp().toString());
    setup.put("curve", load.course().curve().map(LoadCurve::toString).orElse("none"));
    setup.put("duration", Durations.format(load.duration()));
    return setup;
  }
}
