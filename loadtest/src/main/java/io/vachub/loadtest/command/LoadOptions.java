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
      description = "The RPC to call; acknowledge answers every message, so that each is timed.")
  private Rpc rpc;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "1",
      converter = Parsed.PositiveInt.class,
      description = "Clients, each with its own id and its own channels.")
  private int clients;

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "1",
      converter = Parsed.PositiveInt.class,
      description = "Channels of each client.")
  private int channels;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "10",
      converter = Parsed.PositiveInt.class,
      description = "Streams in total, spread over the channels of all clients.")
  private int streams;

  @Option(
      names = "--rate",
      paramLabel = "N|max",
      defaultValue = "5",
      converter = Parsed.AsRate.class,
      description =
          "Messages per second on each stream; 0 sends none, max as many as flow control takes.")
  private Rate rate;

  @Option(
      names = "--message-size",
      paramLabel = "BYTES",
      defaultValue = "32",
      converter = Parsed.MessageSize.class,
      description = "Length of each message's text.")
  private int messageBytes;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = Parsed.AsDuration.class,
      description = "How long the load lasts, such as 90s or 1h30m; 0 until Ctrl-C.")
  private Duration duration;

  @Option(
      names = "--ramp",
      paramLabel = "STREAMS/TIME",
      converter = Parsed.AsRamp.class,
      description =
          "Streams to begin with, and to add after each such time until all are there: 30/60s."
              + " Without it all begin at once.")
  private Ramp ramp = Ramp.NONE;

  @Option(
      names = "--stages",
      paramLabel = "STREAMS@TIME,…",
      converter = Parsed.AsStages.class,
      description =
          "Instead of --streams and --ramp as many streams as this for so long, then as many as"
              + " that: 30@1m,180@10m,60@5m. The load lasts as long as they do.")
  private LoadCurve stages;

  @Option(
      names = "--curve",
      paramLabel = "FILE",
      converter = Parsed.AsCurve.class,
      description =
          "The same from a CSV file with the columns second and planned_streams, such as the load"
              + " tester's own.")
  private LoadCurve curve;

  @Mixin private CourseOptions courseOptions;

  @Option(
      names = "--handoff",
      paramLabel = "accept|silent",
      defaultValue = "accept",
      converter = Parsed.AsHandoffConsent.class,
      description =
          "Whether the clients say that they accept handoffs, or nothing, as clients that never"
              + " heard of them.")
  private HandoffConsent consent;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description =
          "The client_id in each message, followed by -1, -2 … for several clients; by default"
              + " the host's name.")
  private String clientId;

  Load load(ParseResult given) throws SetupException {
    Optional<LoadCurve> course = course(given);
    int most = course.map(LoadCurve::most).orElse(streams);
    if (most < 1) {
      throw new SetupException("--curve, --stages: no stream (expected: 1 or more at some time)");
    }
    if ((long) clients * channels > MOST_CHANNELS) {
      throw new SetupException(
          "--channels: %d for each of %d clients (expected: at most %,d in all)"
              .formatted(channels, clients, MOST_CHANNELS));
    }
    return new Load(
        rpc,
        clients,
        channels,
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
    boolean curved = stages != null || curve != null;
    if (courses.size() > 1 || (curved && given.hasMatchedOption("--streams"))) {
      throw new SetupException(
          "%s: together with %s (expected: one or the other)"
              .formatted(courses.get(0), courses.size() > 1 ? courses.get(1) : "--streams"));
    }
    return courseOptions
        .days(streams)
        .or(() -> Optional.ofNullable(stages))
        .or(() -> Optional.ofNullable(curve));
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
