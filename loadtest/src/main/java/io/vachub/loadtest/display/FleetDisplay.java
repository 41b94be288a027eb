package io.vachub.loadtest.display;

import io.vachub.loadtest.measure.Cause;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.report.Numbers;
import io.vachub.loadtest.watch.Fleet;
import io.vachub.loadtest.watch.Pod;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Shows a watched fleet. */
public interface FleetDisplay {

  /** Shows the fleet as it was read last. */
  void show(Fleet fleet);

  /** Removes what is only useful while the watch runs. */
  default void end() {}

  /** Shows nothing. */
  FleetDisplay QUIET = fleet -> {};

  /** One plain line for each reading, for logs and pipes. */
  static FleetDisplay lines(PrintWriter out) {
    return fleet -> {
      Sample sample = fleet.sample();
      out.printf(
          "%s streams=%d pods=%d silent=%d max_over_mean=%s rate=%s/s handoffs=%d refused=%d cut=%d"
              + " left=%d%n",
          Numbers.clock(sample.seconds()),
          sample.open(),
          fleet.count(Pod.State.ANSWERS),
          fleet.count(Pod.State.SILENT),
          Numbers.ratio(sample.maxOverMean()),
          Numbers.rate(sample.rate()),
          fleet.ended(Cause.Kind.HANDOFF),
          fleet.ended(Cause.Kind.REFUSED),
          fleet.ended(Cause.Kind.CUT),
          fleet.ended(Cause.Kind.LEFT));
      out.flush();
    };
  }

  /**
   * One screen that is redrawn in place.
   *
   * @param duration how long the watch lasts; zero until somebody ends it
   */
  static FleetDisplay screen(
      PrintWriter out, String target, Duration duration, boolean color, Supplier<Size> terminal) {
    Screen screen = new Screen(out, color, terminal);
    return new FleetDisplay() {
      @Override
      public void show(Fleet fleet) {
        draw(screen, target, duration, fleet);
      }

      @Override
      public void end() {
        screen.clear();
      }
    };
  }

  private static void draw(Screen screen, String target, Duration duration, Fleet fleet) {
    Sample sample = fleet.sample();
    screen.begin();
    screen.add(5, screen.bold(Screen.shortened("Watching " + target, screen.columns())));
    screen.add(
        0,
        "%s %s  %s open"
            .formatted(
                Numbers.clock(sample.seconds()),
                duration.isZero() ? "until Ctrl-C" : "of " + Numbers.clock(duration.toSeconds()),
                Numbers.count(sample.open())));
    screen.addBlank();
    screen.addBars(
        fleet.pods().stream()
            .filter(pod -> pod.state() != Pod.State.GONE)
            .map(
                pod ->
                    new Screen.Bar(
                        pod.name(),
                        pod.streams(),
                        pod.remark().isEmpty()
                            ? ""
                            : pod.state() == Pod.State.ANSWERS
                                ? Numbers.count(pod.streams()) + " " + pod.remark()
                                : pod.remark()))
            .toList());
    screen.add(1, hidden -> ScreenDisplay.pods(sample, hidden));
    screen.addBlank();
    List<String> messages = new ArrayList<>();
    messages.add(Numbers.rate(sample.rate()) + " messages/s");
    messages.add("processed " + Numbers.count(fleet.messages()));
    for (Pod.State state : List.of(Pod.State.SILENT, Pod.State.GONE)) {
      if (fleet.count(state) > 0) {
        String text =
            Numbers.count(fleet.count(state), "pod")
                + (state == Pod.State.GONE ? " gone" : " without an answer");
        messages.add(state == Pod.State.GONE ? text : screen.bad(text));
      }
    }
    screen.addItems(2, 8, messages);
    screen.addItems(3, 7, ScreenDisplay.causes(screen, fleet.causes()));
    screen.draw();
  }
}
