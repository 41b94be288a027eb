package io.vachub.proof;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The connection that several clients share, until one of them is asked to go to a new one. */
final class Connection implements AutoCloseable {

  private final IntSupplier ports;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private ManagedChannel current;

  /** Connects each time to the port given then, on this machine. */
  Connection(IntSupplier ports) {
    this.ports = ports;
    this.current = connect();
  }

  synchronized Channel channel() {
    return current;
  }

  /** Leaves this channel to the streams that it has; the next goes on a new one. */
  synchronized void renew(Channel old) {
    if (old == current) {
      current.shutdown();
      current = connect();
    }
  }

  private ManagedChannel connect() {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", ports.getAsInt()).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  @Override
  public synchronized void close() throws InterruptedException {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    for (ManagedChannel channel : channels) {
      channel.awaitTermination(10, TimeUnit.SECONDS);
    }
  }
}
