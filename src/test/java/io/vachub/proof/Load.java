package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** Many loop clients, a few on each connection, half of them on each RPC. */
final class Load implements AutoCloseable {

  private static final int CLIENTS_PER_CONNECTION = 3;

  private static final List<MethodDescriptor<TextRequest, TextResponse>> BOTH =
      List.of(
          StreamerGrpc.getProcessTextStreamMethod(), StreamerGrpc.getAcknowledgeTextStreamMethod());

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration SLOW_PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Tally tally = new Tally();
  private final List<Connection> connections = new ArrayList<>();
  private final List<LoopClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  private Load() {}

  /** Starts the clients; each of their connections goes to the port given then. */
  static Load start(int clients, IntSupplier ports) {
    return start(clients, ports, BOTH, PAUSE);
  }

  /** Starts clients that have little to say. */
  static Load startSlow(int clients, IntSupplier ports) {
    return start(clients, ports, BOTH, SLOW_PAUSE);
  }

  /** Starts clients that go on after the last acknowledgement. */
  static Load startAcknowledged(int clients, IntSupplier ports) {
    return start(clients, ports, List.of(StreamerGrpc.getAcknowledgeTextStreamMethod()), PAUSE);
  }

  /** Starts clients that are told a count only at the end of a stream. */
  static Load startUnacknowledged(int clients, IntSupplier ports) {
    return start(clients, ports, List.of(StreamerGrpc.getProcessTextStreamMethod()), PAUSE);
  }

  private static Load start(
      int clients,
      IntSupplier ports,
      List<MethodDescriptor<TextRequest, TextResponse>> rpcs,
      Duration pause) {
    Load load = new Load();
    for (int i = 0; i < clients; i++) {
      if (i % CLIENTS_PER_CONNECTION == 0) {
        load.connections.add(new Connection(ports));
      }
      Connection connection = load.connections.get(load.connections.size() - 1);
      LoopClient client =
          new LoopClient("client-" + i, rpcs.get(i % rpcs.size()), connection, load.tally, pause);
      load.clients.add(client);
      load.threads.add(new Thread(client, client.id()));
    }
    load.threads.forEach(Thread::start);
    return load;
  }

  Tally tally() {
    return tally;
  }

  /** Lets each client finish, and returns the highest number that each knows to be processed. */
  Map<String, Integer> finish() throws InterruptedException {
    clients.forEach(LoopClient::stop);
    for (Thread thread : threads) {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).as("%s goes on: %s", thread.getName(), tally).isFalse();
    }
    return confirmed();
  }

  /** The highest number of each client that is known to be processed so far. */
  Map<String, Integer> confirmed() {
    return clients.stream().collect(Collectors.toMap(LoopClient::id, LoopClient::confirmed));
  }

  /** Ends them all at once; returns the same, for what was confirmed so far. */
  Map<String, Integer> giveUp() throws InterruptedException {
    clients.forEach(LoopClient::giveUp);
    return finish();
  }

  @Override
  public void close() throws InterruptedException {
    giveUp();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
