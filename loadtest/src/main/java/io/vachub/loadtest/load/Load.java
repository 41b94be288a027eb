package io.vachub.loadtest.load;

import java.time.Duration;

/**
 * A load: who opens how many streams when, and what each of them sends.
 *
 * @param rpc the RPC that is called
 * @param clients clients, each with its own id and its own channels
 * @param channels channels of each client
 * @param streams streams in total, spread over the channels of all clients
 * @param rate messages per second on each stream
 * @param messageBytes length of each message's text
 * @param duration how long the load lasts; zero is until interrupted
 * @param ramp how the streams begin
 * @param consent what the clients say of handoffs
 * @param clientId the clients' id, followed by a number where there are several
 * @param course how the streams come and go
 */
public record Load(
    Rpc rpc,
    int clients,
    int channels,
    int streams,
    Rate rate,
    int messageBytes,
    Duration duration,
    Ramp ramp,
    HandoffConsent consent,
    String clientId,
    Course course) {

  /** A load whose streams stay until the end. */
  public Load(
      Rpc rpc,
      int clients,
      int channels,
      int streams,
      Rate rate,
      int messageBytes,
      Duration duration,
      Ramp ramp,
      HandoffConsent consent,
      String clientId) {
    this(
        rpc,
        clients,
        channels,
        streams,
        rate,
        messageBytes,
        duration,
        ramp,
        consent,
        clientId,
        Course.STAY);
  }

  /** The same load on another RPC. */
  public Load calling(Rpc other) {
    return new Load(
        other,
        clients,
        channels,
        streams,
        rate,
        messageBytes,
        duration,
        ramp,
        consent,
        clientId,
        course);
  }

  /** How many streams should be open after this time. */
  public int plannedAfter(Duration elapsed) {
    return course
        .curve()
        .map(curve -> curve.streamsAt((int) elapsed.toSeconds()))
        .orElseGet(() -> ramp.begunAfter(elapsed, streams));
  }

  /** The channels of all clients. */
  public int totalChannels() {
    return Math.multiplyExact(clients, channels);
  }

  /**
   * The channel, counted over all clients, that the stream of this number (from 0) opens on.
   * Clients fill one after the other, and each deals its streams out to its channels in turn.
   */
  public int channelOf(int stream) {
    int base = streams / clients;
    int larger = streams % clients;
    int inLarger = larger * (base + 1);
    int client;
    int within;
    if (stream < inLarger) {
      client = stream / (base + 1);
      within = stream % (base + 1);
    } else {
      client = larger + (stream - inLarger) / base;
      within = (stream - inLarger) % base;
    }
    return client * channels + within % channels;
  }

  /** The id of the client that owns this channel, counted over all clients. */
  public String clientIdOf(int channel) {
    return clients == 1 ? clientId : clientId + "-" + (channel / channels + 1);
  }
}
