package io.vachub.loadtest.command;

import io.grpc.Metadata;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.load.Course;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.LoadCurve;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The options that describe a load. */
final class LoadOptions {

  /** More than the ports of one host to one address. */
  private static final int MOST_CHANNELS = 100_000;

  @Option(
      names = "--rpc",
      paramLabel = "process|acknowledge",
      defaultValue = "process",
      converter = Parsed.AsRpc.class,
      description =
          "The RPC to call; acknowledge answers every message, so that each one is timed.")
  private Rpc rpc;

  @Mixin private final StreamOptions streamOptions = new StreamOptions(1, 1, 10);

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      defaultValue = "5",
      converter = Parsed.AsRate.class,
      description =
          "Messages per second on each stream; 0: none, max: as many as flow control " + "allows.")
  private Rate rate;

  @Option(
      names = "--message-size",
      paramLabel = "BYTES",
      defaultValue = "32",
      converter = Parsed.MessageSize.class,
      description = "Length of the text of each message.")
  private int messageBytes;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = Parsed.AsDuration.class,
      description = "How long the load lasts, such as 90s or 1h30m; 0: until Ctrl-C.")
  private Duration duration;

  @Option(
      names = "--ramp",
      paramLabel = "STREAMS/TIME",
      converter = Parsed.AsRamp.class,
      description =
          "Number of streams to start with, and to add after each interval until all are"
              + " open: 30/60s. Without it, all start at once.")
  private Ramp ramp = Ramp.NONE;

  @Option(
      names = "--stages",
      paramLabel = "STREAMS@TIME,…",
      converter = Parsed.AsStages.class,
      description =
          "Instead of --streams and --ramp, stages of a number of streams and a"
              + " duration: 30@1m,180@10m,60@5m. The load lasts as long as all stages together.")
  private LoadCurve stages;

  @Mixin private CourseOptions courseOptions;

  @Option(
      names = "--handoff",
      paramLabel = "accept|silent",
      defaultValue = "accept",
      converter = Parsed.AsHandoffConsent.class,
      description =
          "Whether the clients accept handoffs, or are silent, like clients that do not"
              + " know handoffs.")
  private HandoffConsent consent;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description =
          "The client_id in each message, with -1, -2 … appended if there are several"
              + " clients; by default the host name.")
  private String clientId;

  Load load(ParseResult given) throws SetupException {
    Optional<LoadCurve> course = course(given);
    int most = course.map(LoadCurve::most).orElse(streamOptions.streams());
    if (most < 1) {
      throw new SetupException("--curve, --stages: no stream (expected: 1 or more at some time)");
    }
    if ((long) streamOptions.clients() * streamOptions.channels() > MOST_CHANNELS) {
      throw new SetupException(
          "--channels: %d for each of %d clients (expected: at most %,d in all)"
              .formatted(streamOptions.channels(), streamOptions.clients(), MOST_CHANNELS));
    }
    return new Load(
        rpc,
        streamOptions.clients(),
        streamOptions.channels(),
        most,
        rate,
        messageBytes,
        given.hasMatchedOption("--duration")
            ? duration
            : course.flatMap(LoadCurve::lasts).orElse(duration),
        ramp,
        consent,
        clientId == null ? hostName() : clientId,
        new Course(course, courseOptions.lifetime()));
  }

  private Optional<LoadCurve> course(ParseResult given) throws SetupException {
    List<String> courses =
        Stream.of("--ramp", "--stages", "--curve", "--daily")
            .filter(given::hasMatchedOption)
            .toList();
    boolean curved = courses.contains("--stages") || courses.contains("--curve");
    if (courses.size() > 1 || (curved && given.hasMatchedOption("--streams"))) {
      throw new SetupException(
          "%s: together with %s (expected: one or the other)"
              .formatted(courses.get(0), courses.size() > 1 ? courses.get(1) : "--streams"));
    }
    return courseOptions.curve(streamOptions.streams()).or(() -> Optional.ofNullable(stages));
  }

  /** How the Streamer is called. */
  CallOptions.Called streamer(Load load, Metadata headers) {
    return new CallOptions.Called(
        load.rpc(), CallPlan.streamer(load.rpc(), load.messageBytes(), headers));
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "loadtest";
    }
  }
}
