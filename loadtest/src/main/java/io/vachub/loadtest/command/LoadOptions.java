package io.vachub.loadtest.command;

import io.grpc.Metadata;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.load.HandoffConsent;
import io.vachub.loadtest.load.Load;
import io.vachub.loadtest.load.Ramp;
import io.vachub.loadtest.load.Rate;
import io.vachub.loadtest.load.Rpc;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import picocli.CommandLine.Option;

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

  Load load() throws SetupException {
    if ((long) clients * channels > MOST_CHANNELS) {
      throw new SetupException(
          "--channels: %d for each of %d clients (expected: at most %,d in all)"
              .formatted(channels, clients, MOST_CHANNELS));
    }
    return new Load(
        rpc,
        clients,
        channels,
        streams,
        rate,
        messageBytes,
        duration,
        ramp,
        consent,
        clientId == null ? hostName() : clientId);
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
