package io.vachub.client;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.vachub.client.TextSender.Rpc;
import io.vachub.proto.TextRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Sends numbers until its standard input ends, then prints the account of each client as JSON.
 *
 * <p>Arguments: {@code localhost:50051 AcknowledgeTextStream [clients [name]]}
 */
final class Example implements Runnable {

  private final String target;
  private final boolean acknowledge;
  private final String client;
  private final CountDownLatch stopping;
  private final List<Integer> unknown = new CopyOnWriteArrayList<>();

  private Example(String target, boolean acknowledge, String client, CountDownLatch stopping) {
    this.target = target;
    this.acknowledge = acknowledge;
    this.client = client;
    this.stopping = stopping;
  }

  public static void main(String[] arguments) throws Exception {
    boolean acknowledge = arguments[1].equals("AcknowledgeTextStream");
    int clients = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    String name = arguments.length > 3 ? arguments[3] : "java";
    CountDownLatch stopping = new CountDownLatch(1);
    for (int i = 0; i < clients; i++) {
      new Thread(new Example(arguments[0], acknowledge, name + "-" + i, stopping)).start();
    }
    System.in.readAllBytes();
    stopping.countDown();
  }

  @Override
  public void run() {
    Rpc rpc = acknowledge ? Rpc.ACKNOWLEDGE : Rpc.PROCESS;
    try (TextSender sender = new TextSender(this::connect, rpc, this::sendAgain, 10_000)) {
      int sent = 0;
      do {
        sent++;
        sender.send(
            TextRequest.newBuilder()
                .setMessage(Integer.toString(sent))
                .setClientId(client)
                .setChannelId(1)
                .build());
      } while (!stopping.await(20, TimeUnit.MILLISECONDS));
      long counted = sender.finish();
      String ends =
          sender.ends().entrySet().stream()
              .map(end -> "\"%s\":%d".formatted(end.getKey(), end.getValue()))
              .collect(Collectors.joining(","));
      System.out.printf(
          "{\"client\":\"%s\",\"sent\":%d,\"counted\":%d,\"unknown\":%s,\"ends\":{%s}}%n",
          client, sent, counted, unknown, ends);
    } catch (Exception e) {
      throw new IllegalStateException(client, e);
    }
  }

  private ManagedChannel connect() {
    return ManagedChannelBuilder.forTarget(target).usePlaintext().build();
  }

  /** Twice rather than never; with the other RPC never twice. */
  private boolean sendAgain(List<TextRequest> messages) {
    messages.forEach(message -> unknown.add(Integer.valueOf(message.getMessage())));
    return acknowledge;
  }
}
