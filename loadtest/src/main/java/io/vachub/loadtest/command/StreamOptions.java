package io.vachub.loadtest.command;

import picocli.CommandLine.Option;

/** How many streams there are, and over what they are spread, in a load and in a simulation. */
final class StreamOptions {

  @Option(
      names = "--clients",
      paramLabel = "N",
      converter = Parsed.PositiveInt.class,
      description = "Number of clients, each with its own id and its own channels.")
  private int clients;

  @Option(
      names = "--channels",
      paramLabel = "N",
      converter = Parsed.PositiveInt.class,
      description = "Number of channels of each client.")
  private int channels;

  @Option(
      names = "--streams",
      paramLabel = "N",
      converter = Parsed.PositiveInt.class,
      description = "Number of streams, spread over the channels of all clients.")
  private int streams;

  /** With these defaults. */
  StreamOptions(int clients, int channels, int streams) {
    this.clients = clients;
    this.channels = channels;
    this.streams = streams;
  }

  int clients() {
    return clients;
  }

  int channels() {
    return channels;
  }

  int streams() {
    return streams;
  }
}
