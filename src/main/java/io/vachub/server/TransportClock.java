package io.vachub.server;

import io.grpc.internal.TimeProvider;
import io.grpc.internal.TransportTracer;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The time that gRPC's transport notes of each message, which only channelz shows: up to a second
 * old. gRPC's own clock asks the system each time, by reflection, which takes 5 % of what a short
 * message takes.
 */
final class TransportClock implements TimeProvider {

  private volatile long nanos = systemNanos();

  /** One that is set again every second. */
  TransportClock(ScheduledExecutorService scheduler) {
    scheduler.scheduleAtFixedRate(() -> nanos = systemNanos(), 1, 1, TimeUnit.SECONDS);
  }

  private static long systemNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  @Override
  public long currentTimeNanos() {
    return nanos;
  }

  /** Sets a server's clock. A gRPC that no longer lets it be set keeps its own. */
  static void set(NettyServerBuilder server, TimeProvider clock) {
    try {
      MethodHandles.privateLookupIn(NettyServerBuilder.class, MethodHandles.lookup())
          .findVirtual(
              NettyServerBuilder.class,
              "setTransportTracerFactory",
              MethodType.methodType(NettyServerBuilder.class, TransportTracer.Factory.class))
          .invoke(server, new TransportTracer.Factory(clock));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      // Only slower.
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
