package io.vachub.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.StreamerGrpc.StreamerStub;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Sends texts over streams that a server may move, one stream after another, and keeps the account.
 * Copy it into your project. What a client must do, and why: proto/README.md.
 *
 * <pre>{@code
 * try (var sender = new TextSender(connect, Rpc.ACKNOWLEDGE, unknown -> true, 10_000)) {
 *   sender.send(message);
 *   …
 *   long counted = sender.finish();
 * }
 * }</pre>
 */
public final class TextSender implements AutoCloseable {

  /** The RPC to send by. */
  public enum Rpc {
    /** Each message is acknowledged. */
    ACKNOWLEDGE,
    /** The count is answered at the end of the stream. */
    PROCESS
  }

  private static final Metadata.Key<String> HANDOFF = key("vachub-handoff");
  private static final Metadata.Key<String> ATTEMPT = key("vachub-attempt");
  private static final Metadata.Key<String> POD = key("vachub-pod");
  private static final Metadata.Key<String> COUNT = key("vachub-message-count");
  private static final Metadata.Key<String> PUSHBACK = key("grpc-retry-pushback-ms");

  private static final long MIN_BACK_OFF_MILLIS = 100;
  private static final long MAX_BACK_OFF_MILLIS = 10_000;

  /** The statuses of a stream that was cut. The caller must handle any other failure. */
  private static final Set<Status.Code> CUT =
      Set.of(
          Status.Code.UNAVAILABLE,
          Status.Code.CANCELLED,
          Status.Code.INTERNAL,
          Status.Code.UNKNOWN);

  private static final System.Logger log = System.getLogger(TextSender.class.getName());

  private final Supplier<ManagedChannel> connect;
  private final Rpc rpc;
  private final Predicate<List<TextRequest>> unknown;
  private final int keep;
  private final Thread worker = new Thread(this::run, "text-sender");

  // All fields below are guarded by this.
  private final Map<String, Integer> ends = new TreeMap<>();
  private final Deque<TextRequest> sent = new ArrayDeque<>();
  private final Deque<TextRequest> unsent = new ArrayDeque<>();
  private long counted;
  private boolean finishing;
  private boolean renew;
  private int refused;
  private int failed;
  private boolean over;
  private StatusException failure;

  /**
   * Opens its first stream at once.
   *
   * @param connect makes a new channel
   * @param unknown is given, after a cut, the messages of which nobody knows whether they were
   *     counted, and decides whether to send them again: then they may be counted twice, else not
   *     at all
   * @param keep how many messages may be kept because they are not counted yet; then ACKNOWLEDGE
   *     waits, and PROCESS ends its stream to get the count, and opens another
   */
  public TextSender(
      Supplier<ManagedChannel> connect, Rpc rpc, Predicate<List<TextRequest>> unknown, int keep) {
    this.connect = connect;
    this.rpc = rpc;
    this.unknown = unknown;
    this.keep = keep;
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Queues a message. Waits while {@code keep} messages are not counted yet.
   *
   * @throws StatusException if a stream ended with a status after which a retry does not help
   */
  public synchronized void send(TextRequest message) throws InterruptedException, StatusException {
    while (!over && isFull()) {
      wait();
    }
    throwFailure();
    unsent.add(message);
    notifyAll();
  }

  /**
   * Waits until all messages are counted, and returns how many were.
   *
   * @throws StatusException if a stream ended with a status after which a retry does not help
   */
  public synchronized long finish() throws InterruptedException, StatusException {
    finishing = true;
    notifyAll();
    while (!over) {
      wait();
    }
    throwFailure();
    return counted;
  }

  /** How many streams ended in which way. */
  public synchronized Map<String, Integer> ends() {
    return Map.copyOf(ends);
  }

  /** Ends it, even if messages are not counted yet. */
  @Override
  public void close() {
    worker.interrupt();
  }

  private void throwFailure() throws StatusException {
    if (failure != null) {
      throw failure;
    }
  }

  private void run() {
    ManagedChannel channel = connect.get();
    try {
      while (true) {
        Stream stream = new Stream(channel);
        try {
          stream.write();
        } finally {
          stream.cancel();
        }
        long millis;
        synchronized (this) {
          millis = after(stream);
          if (isAllCounted()) {
            return;
          }
        }
        if (renew) {
          renew = false;
          channel.shutdown();
          channel = connect.get();
        }
        Thread.sleep(millis);
      }
    } catch (StatusException e) {
      fail(e);
    } catch (InterruptedException e) {
      fail(Status.CANCELLED.withDescription("The sender was closed").asException());
    } catch (Throwable t) {
      fail(Status.fromThrowable(t).asException());
    } finally {
      channel.shutdown();
      synchronized (this) {
        over = true;
        notifyAll();
      }
    }
  }

  private synchronized void fail(StatusException why) {
    failure = why;
  }

  private synchronized void wakeUp() {
    notifyAll();
  }

  private boolean isFull() {
    return sent.size() + unsent.size() >= keep;
  }

  private boolean isAllCounted() {
    return finishing && sent.isEmpty() && unsent.isEmpty();
  }

  /** Handles the end of a stream. Returns the milliseconds to wait before the next. */
  private long after(Stream stream) throws StatusException {
    if (!stream.accepted) {
      return afterRefusal(stream.status, stream.trailers);
    }
    Status status = stream.status;
    String count = stream.trailers.get(COUNT);
    if (count != null) {
      stream.answer(Integer.parseInt(count));
    } else if (!status.isOk() && !sent.isEmpty() && !unknown.test(List.copyOf(sent))) {
      sent.clear();
    }
    while (!sent.isEmpty()) {
      unsent.addFirst(sent.removeLast());
    }
    refused = 0;
    if (stream.answered > 0) {
      failed = 0;
    }

    String reason = stream.trailers.get(HANDOFF);
    if (reason != null) {
      ends.merge(reason, 1, Integer::sum);
      renew = reason.equals("rebalance");
      return 0;
    }
    if (status.isOk()) {
      ends.merge("completed", 1, Integer::sum);
      return stream.answered > 0 ? 0 : backOffMillis();
    }
    ends.merge("cut", 1, Integer::sum);
    if (!CUT.contains(status.getCode())) {
      throw status.asException(stream.trailers);
    }
    log.log(System.Logger.Level.WARNING, "Stream was cut: {0}", status);
    return backOffMillis();
  }

  /** After a stream that no service has seen: no response header was received. */
  private long afterRefusal(Status status, Metadata trailers) throws StatusException {
    if (status.getCode() == Status.Code.UNAVAILABLE) {
      log.log(System.Logger.Level.WARNING, "No stream: {0}", status);
      return backOffMillis();
    }
    String pushback = trailers.get(PUSHBACK);
    if (status.getCode() != Status.Code.RESOURCE_EXHAUSTED
        || pushback != null && !pushback.matches("\\d{1,9}")) {
      throw status.asException(trailers);
    }
    ends.merge("refused", 1, Integer::sum);
    refused++;
    // A balancer may keep a connection's streams on the pod that refuses.
    renew = true;
    return pushback == null ? backOffMillis() : Long.parseLong(pushback);
  }

  private long backOffMillis() {
    long most = Math.min(MAX_BACK_OFF_MILLIS, MIN_BACK_OFF_MILLIS << failed);
    failed = Math.min(failed + 1, 10);
    return ThreadLocalRandom.current().nextLong(most);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** One stream. Its state is guarded by the sender. */
  private final class Stream
      implements ClientResponseObserver<TextRequest, TextResponse>, ClientInterceptor {

    private ClientCallStreamObserver<TextRequest> requests;
    private boolean accepted;
    private int answered;
    private Status status;
    private Metadata trailers;

    Stream(Channel channel) {
      StreamerStub stub = StreamerGrpc.newStub(channel).withInterceptors(this);
      switch (rpc) {
        case ACKNOWLEDGE -> stub.acknowledgeTextStream(this);
        case PROCESS -> stub.processTextStream(this);
      }
    }

    /** Sends what there is to send, until the stream is over. */
    void write() throws InterruptedException {
      synchronized (TextSender.this) {
        boolean halfClosed = false;
        while (status == null) {
          // If the server refuses, the fate of a message sent before is unknown.
          boolean ready = accepted && requests.isReady();
          if (ready && !unsent.isEmpty()) {
            sent.add(unsent.remove());
            requests.onNext(sent.getLast());
          } else if (ready && !halfClosed && (finishing || rpc == Rpc.PROCESS && isFull())) {
            halfClosed = true;
            requests.onCompleted();
          } else {
            TextSender.this.wait();
          }
        }
      }
    }

    /** Cancels it; has no effect after its end. */
    void cancel() {
      requests.cancel("The sender was closed", null);
    }

    /** Records that so many messages were counted. */
    void answer(int count) {
      for (; answered < count; answered++) {
        sent.remove();
        counted++;
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<TextRequest> requests) {
      this.requests = requests;
      requests.setOnReadyHandler(TextSender.this::wakeUp);
    }

    @Override
    public void onNext(TextResponse response) {
      synchronized (TextSender.this) {
        answer(response.getMessageCount());
        TextSender.this.notifyAll();
      }
    }

    @Override
    public void onError(Throwable t) {
      // The listener below gets the trailers too.
    }

    @Override
    public void onCompleted() {
      // As above.
    }

    @Override
    public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
        MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<RespT> listener, Metadata headers) {
          headers.put(HANDOFF, "accept");
          headers.put(ATTEMPT, Integer.toString(refused));
          super.start(new HeadersAndTrailers<>(listener), headers);
        }
      };
    }

    private final class HeadersAndTrailers<RespT>
        extends SimpleForwardingClientCallListener<RespT> {

      HeadersAndTrailers(ClientCall.Listener<RespT> listener) {
        super(listener);
      }

      @Override
      public void onHeaders(Metadata headers) {
        synchronized (TextSender.this) {
          accepted = headers.containsKey(POD);
          TextSender.this.notifyAll();
        }
        super.onHeaders(headers);
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        super.onClose(status, trailers);
        synchronized (TextSender.this) {
          Stream.this.status = status;
          Stream.this.trailers = trailers;
          TextSender.this.notifyAll();
        }
      }
    }
  }
}
