package io.vachub.server;

import io.vachub.call.PropertyBounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What grpc-java can be told and the starter has no property for.
 *
 * @param executor which thread runs the handlers: `direct`, the thread that reads the connection,
 *     for handlers that never block; `pool`, gRPC's thread pool, for handlers that block
 * @param maxConcurrentCallsPerConnection calls open at once on one connection
 * @param maxRstFramesPerWindow streams that a client may reset within `vachub.server.rst-window`;
 *     above that its connection is closed (CVE-2023-44487). Clients answer each handoff with a
 *     reset, so it must be at least twice `vachub.server.max-concurrent-calls-per-connection`
 * @param rstWindow the time over which resets are counted, in whole seconds
 * @param maxConnections connections open at once; above that a new one takes the place of the one
 *     that has been without a call for longest, and is closed if each has a call
 * @param maxUncountedCalls health checks, reflection, load reports and the like that are open at
 *     once; above that the oldest is ended
 * @param maxUnreadBytes bytes that may be held together by messages which were received and not yet
 *     read by the service, partly received ones included, by answers that clients do not read, and
 *     by parts of frames, headers and TLS records; above that the call that has held much for
 *     longest is ended, or the connection closed if it is parts. As many may wait for sockets;
 *     above that the connection that has held much for longest is closed
 * @param flowControlWindow bytes that a client may send on a stream before the service has read
 *     them
 * @param decompression whether compressed messages are accepted; otherwise they are refused with
 *     UNIMPLEMENTED, because a few bytes can unpack to the largest message
 */
@ConfigurationProperties("vachub.server")
record ServerProperties(
    @DefaultValue("direct") Executor executor,
    @DefaultValue("1000") int maxConcurrentCallsPerConnection,
    @DefaultValue("2500") int maxRstFramesPerWindow,
    @DefaultValue("10s") Duration rstWindow,
    @DefaultValue("10000") int maxConnections,
    @DefaultValue("100") int maxUncountedCalls,
    @DefaultValue("64MB") DataSize maxUnreadBytes,
    @DefaultValue("256KB") DataSize flowControlWindow,
    @DefaultValue("false") boolean decompression) {

  /** What runs the handlers. */
  enum Executor {
    /** The thread that reads the connection: the fastest, for handlers that never block. */
    DIRECT,
    /**
     * gRPC's shared pool of threads, which grows with the handlers that block, or virtual threads
     * if {@code spring.threads.virtual.enabled} is true.
     */
    POOL
  }

  ServerProperties {
    PropertyBounds bounds = new PropertyBounds("vachub.server.");
    bounds.positive("max-concurrent-calls-per-connection", maxConcurrentCallsPerConnection);
    bounds.positive("max-rst-frames-per-window", maxRstFramesPerWindow);
    bounds.require(
        maxRstFramesPerWindow >= 2L * maxConcurrentCallsPerConnection,
        "max-rst-frames-per-window",
        maxRstFramesPerWindow,
        "at least twice vachub.server.max-concurrent-calls-per-connection, "
            + 2L * maxConcurrentCallsPerConnection
            + ", because clients answer each handoff with a reset");
    bounds.require(
        rstWindow.toSeconds() >= 1 && rstWindow.toNanosPart() == 0,
        "rst-window",
        rstWindow,
        "1s or more, in whole seconds");
    bounds.positive("max-connections", maxConnections);
    bounds.positive("max-uncounted-calls", maxUncountedCalls);
  }
}
