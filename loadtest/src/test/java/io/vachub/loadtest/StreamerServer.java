package io.vachub.loadtest;

import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A server that keeps the contract of the service, on a random port of this host, and can be told
 * to end streams in every way there is.
 */
public final class StreamerServer implements AutoCloseable, BindableService {

  private static final Metadata.Key<String> POD =
      Metadata.Key.of("vachub-pod", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> HANDOFF =
      Metadata.Key.of("vachub-handoff", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> ATTEMPT =
      Metadata.Key.of("vachub-attempt", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> MESSAGE_COUNT =
      Metadata.Key.of("vachub-message-count", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final String pod;
  private final Server server;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final Set<Object> connections = ConcurrentHashMap.newKeySet();
  private final Queue<TextRequest> received = new ConcurrentLinkedQueue<>();
  private final AtomicLong processed = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
  private volatile int capacity = Integer.MAX_VALUE;
  private volatile int choices = 1;
  private volatile boolean eagerHeaders = true;
  private volatile int miscount;
  private volatile boolean holding;
  private volatile boolean silentAtTheEnd;
  private final Queue<ServerCall<?, ?>> held = new ConcurrentLinkedQueue<>();

  private StreamerServer(
      String pod, InetSocketAddress address, UnaryOperator<NettyServerBuilder> settings)
      throws IOException {
    this.pod = pod;
    this.server =
        settings.apply(NettyServerBuilder.forAddress(address)).addService(this).build().start();
  }

  public static StreamerServer start(String pod) throws IOException {
    return startAt(0, pod);
  }

  public static StreamerServer startAt(int port, String pod) throws IOException {
    return new StreamerServer(pod, new InetSocketAddress("127.0.0.1", port), settings -> settings);
  }

  /** A server on this address of the host instead of 127.0.0.1. */
  public static StreamerServer startOn(String host) throws IOException {
    return new StreamerServer("pod", new InetSocketAddress(host, 0), settings -> settings);
  }

  public static StreamerServer start(String pod, UnaryOperator<NettyServerBuilder> settings)
      throws IOException {
    return new StreamerServer(pod, new InetSocketAddress("127.0.0.1", 0), settings);
  }

  public int port() {
    return server.getPort();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  /** Streams open now. */
  public int open() {
    return open.size();
  }

  /** Messages processed on all streams. */
  public long processed() {
    return processed.get();
  }

  /** All messages processed, in order. */
  public List<TextRequest> received() {
    return List.copyOf(received);
  }

  /** The connections that streams came over. */
  public int connections() {
    return connections.size();
  }

  public int refused() {
    return refused.get();
  }

  /** From now on refuses streams beyond so many. */
  public void capacity(int streams) {
    capacity = streams;
  }

  /** From now on turns accepting clients away at once, but for the last of so many attempts. */
  public void choices(int attempts) {
    choices = attempts;
  }

  /** The attempts at which accepting clients opened a stream, refused ones included. */
  public List<Integer> attempts() {
    return List.copyOf(attempts);
  }

  /** From now on answers no header before the first message or the end of a stream. */
  public void keepHeadersBack() {
    eagerHeaders = false;
  }

  /** From now on answers counts that are wrong by this much. */
  public void miscountBy(int messages) {
    miscount = messages;
  }

  /** From now on takes streams and messages without a word, until {@link #refuseHeld()}. */
  public void holdStreams() {
    holding = true;
  }

  /** Streams held now. */
  public int held() {
    return held.size();
  }

  /** Refuses the streams held, and holds no more. */
  public void refuseHeld() {
    holding = false;
    for (ServerCall<?, ?> call = held.poll(); call != null; call = held.poll()) {
      refuse(call, "20");
    }
  }

  /** From now on leaves it unanswered that a client is done. */
  public void neverAnswerTheEnd() {
    silentAtTheEnd = true;
  }

  /** Hands every open stream off. */
  public void handOff(String reason) {
    open.forEach(stream -> stream.handOff(reason));
  }

  /** Ends every open stream with this status. */
  public void end(Status status) {
    open.forEach(stream -> stream.end(status));
  }

  /** Closes every connection at once and listens no more. */
  public void kill() {
    server.shutdownNow();
    try {
      server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(StreamerGrpc.SERVICE_NAME)
        .addMethod(
            bothWays(StreamerGrpc.getProcessTextStreamMethod()),
            (call, headers) -> accept(call, headers, false))
        .addMethod(
            bothWays(StreamerGrpc.getAcknowledgeTextStreamMethod()),
            (call, headers) -> accept(call, headers, true))
        .build();
  }

  /** Otherwise grpc-java keeps the header of a call with one answer back until that answer. */
  private static MethodDescriptor<TextRequest, TextResponse> bothWays(
      MethodDescriptor<TextRequest, TextResponse> method) {
    return method.toBuilder().setType(MethodType.BIDI_STREAMING).build();
  }

  /** One at a time, or more than the capacity would find a place. */
  private synchronized ServerCall.Listener<TextRequest> accept(
      ServerCall<TextRequest, TextResponse> call, Metadata headers, boolean acknowledged) {
    connections.add(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    boolean accepts = "accept".equals(headers.get(HANDOFF));
    int attempt = headers.containsKey(ATTEMPT) ? Integer.parseInt(headers.get(ATTEMPT)) : 0;
    if (accepts) {
      attempts.add(attempt);
    }
    if (holding) {
      call.request(Integer.MAX_VALUE);
      held.add(call);
      return new ServerCall.Listener<>() {};
    }
    if (open.size() >= capacity) {
      return refuse(call, "20");
    }
    if (accepts && attempt < choices - 1) {
      return refuse(call, "0");
    }
    Stream stream = new Stream(call, accepts, acknowledged);
    stream.begin();
    return stream;
  }

  private ServerCall.Listener<TextRequest> refuse(ServerCall<?, ?> call, String pushbackMillis) {
    refused.incrementAndGet();
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, pushbackMillis);
    call.close(Status.RESOURCE_EXHAUSTED, trailers);
    return new ServerCall.Listener<>() {};
  }

  private final class Stream extends ServerCall.Listener<TextRequest> {

    private final ServerCall<TextRequest, TextResponse> call;
    private final boolean accepts;
    private final boolean acknowledged;
    private boolean answered;
    private boolean over;
    private int count;

    Stream(ServerCall<TextRequest, TextResponse> call, boolean accepts, boolean acknowledged) {
      this.call = call;
      this.accepts = accepts;
      this.acknowledged = acknowledged;
    }

    synchronized void begin() {
      open.add(this);
      call.request(Integer.MAX_VALUE);
      if (eagerHeaders) {
        answer();
      }
    }

    @Override
    public synchronized void onMessage(TextRequest request) {
      if (over) {
        return;
      }
      count++;
      processed.incrementAndGet();
      received.add(request);
      answer();
      if (acknowledged) {
        call.sendMessage(response());
      }
    }

    @Override
    public synchronized void onHalfClose() {
      if (!silentAtTheEnd) {
        end(Status.OK, new Metadata());
      }
    }

    @Override
    public synchronized void onCancel() {
      over = true;
      open.remove(this);
    }

    synchronized void handOff(String reason) {
      Metadata trailers = new Metadata();
      trailers.put(HANDOFF, reason);
      trailers.put(MESSAGE_COUNT, Integer.toString(count + miscount));
      end(accepts ? Status.OK : Status.UNAVAILABLE.withDescription("handed off"), trailers);
    }

    synchronized void end(Status status) {
      end(status, new Metadata());
    }

    private void end(Status status, Metadata trailers) {
      if (over) {
        return;
      }
      over = true;
      if (status.isOk()) {
        answer();
        if (!acknowledged) {
          call.sendMessage(response());
        }
      }
      call.close(status, trailers);
      open.remove(this);
    }

    private void answer() {
      if (!answered) {
        answered = true;
        Metadata headers = new Metadata();
        headers.put(POD, pod);
        call.sendHeaders(headers);
      }
    }

    private TextResponse response() {
      return TextResponse.newBuilder().setMessageCount(count + miscount).build();
    }
  }
}
