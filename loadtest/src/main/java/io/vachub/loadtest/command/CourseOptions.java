package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.load.Lifetime;
import io.vachub.loadtest.load.LoadCurve;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How streams come and go, in a load and in a simulation. */
final class CourseOptions {

  @Option(
      names = "--curve",
      paramLabel = "FILE",
      converter = Parsed.AsCurve.class,
      description =
          "Instead of --streams and --ramp, a CSV file with the columns second and"
              + " planned_streams, such as one written by --csv.")
  private LoadCurve curve;

  @Option(
      names = "--daily",
      paramLabel = "SHARE",
      converter = Parsed.Share.class,
      description =
          "Instead of a ramp, a daily cycle that starts at midnight with this share of"
              + " the streams and has all of them at noon.")
  private Double daily;

  @Option(
      names = "--lifetime",
      paramLabel = "DISTRIBUTION",
      defaultValue = "endless",
      converter = Parsed.AsLifetime.class,
      description =
          "How long a client keeps a stream before it opens another: endless, fixed:10m,"
              + " uniform:5m-15m, exponential:10m or lognormal:10m/1.5.")
  private Lifetime lifetime;

  /**
   * The curve of the file, or of days with so many streams at noon, where one is asked for.
   *
   * @throws SetupException if both are
   */
  Optional<LoadCurve> curve(int streams) throws SetupException {
    if (curve != null && daily != null) {
      throw new SetupException("--curve: together with --daily (expected: one or the other)");
    }
    return Optional.ofNullable(curve)
        .or(() -> Optional.ofNullable(daily).map(share -> LoadCurve.daily(streams, share)));
  }

  Lifetime lifetime() {
    return lifetime;
  }
}
