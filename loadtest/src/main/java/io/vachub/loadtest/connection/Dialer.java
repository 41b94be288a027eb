package io.vachub.loadtest.connection;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.vachub.loadtest.connection.Target.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Makes the channels to a target. */
public final class Dialer {

  /** Also for what was sent and not acknowledged by TCP. */
  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(10);

  private final Target target;
  private final Security security;
  private final Duration keepalive;
  private final int maxMessageBytes;
  private final SslContext sslContext;

  /**
   * Reads the certificates.
   *
   * @param keepalive after so much silence a connection is asked whether it still stands; zero
   *     never asks
   * @param maxMessageBytes the largest answer that is taken
   * @throws SetupException if a file of {@code security} cannot be used
   */
  public Dialer(Target target, Security security, Duration keepalive, int maxMessageBytes)
      throws SetupException {
    this.target = target;
    this.security = security;
    this.keepalive = keepalive;
    this.maxMessageBytes = maxMessageBytes;
    this.sslContext = security.plaintext() ? null : security.sslContext();
  }

  /** A new channel, which connects when it is first used and runs on this event loop only. */
  public ManagedChannel dial(EventLoop loop) {
    NettyChannelBuilder channel = NettyChannelBuilder.forTarget(uri());
    if (sslContext == null) {
      channel.usePlaintext();
    } else {
      channel.sslContext(sslContext);
    }
    if (security.authority() != null) {
      channel.overrideAuthority(security.authority());
    }
    if (isRoundRobin()) {
      channel.defaultLoadBalancingPolicy("round_robin");
    }
    if (!keepalive.isZero()) {
      channel
          .keepAliveTime(keepalive.toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveTimeout(KEEPALIVE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    }
    return channel
        .maxInboundMessageSize(maxMessageBytes)
        .eventLoopGroup(loop)
        .channelType(EventLoops.socketType())
        .executor(task -> runOn(loop, task))
        // A retry that nobody sees would not be counted.
        .disableRetry()
        .build();
  }

  /** Whether a channel connects to every address and uses them in turn. */
  public boolean isRoundRobin() {
    return target.isRoundRobin();
  }

  /** With the brackets of an IPv6 address escaped, as a path has to. */
  private String uri() {
    List<HostPort> addresses = target.addresses();
    String scheme = addresses.size() > 1 ? AddressList.SCHEME : "dns";
    String path = addresses.stream().map(HostPort::toString).collect(Collectors.joining(","));
    try {
      return new URI(scheme, "", "/" + path, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void runOn(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  Target target() {
    return target;
  }

  Security security() {
    return security;
  }
}
