package io.vachub.loadtest.connection;

import com.google.common.base.Throwables;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.NotSslRecordException;
import io.vachub.loadtest.connection.Target.HostPort;
import io.vachub.loadtest.load.Durations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Checks whether the target can be reached. */
public final class Reachability {

  /** Servers do not count it as a stream, and those without it answer too. */
  private static final MethodDescriptor<byte[], byte[]> HEALTH_CHECK =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(new Bytes())
          .setResponseMarshaller(new Bytes())
          .build();

  private Reachability() {}

  /**
   * Asks the target for its health; any answer is enough.
   *
   * @param timeout how long to wait for it, once everything is ready to ask
   * @throws SetupException if none comes, with the obstacle
   */
  public static void check(Dialer dialer, EventLoop loop, Duration timeout) throws SetupException {
    ManagedChannel channel = dialer.dial(loop);
    try {
      // What the JVM takes to load all this is no part of the wait.
      channel.getState(true);
      loop.submit(() -> {}).syncUninterruptibly();
      CallOptions patience =
          CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
      ClientCalls.blockingUnaryCall(channel, HEALTH_CHECK, patience, new byte[0]);
    } catch (StatusRuntimeException e) {
      switch (e.getStatus().getCode()) {
        case DEADLINE_EXCEEDED ->
            throw new SetupException(
                "%s: unreachable: %s within %s (--connect-timeout)"
                    .formatted(
                        dialer.target(),
                        channel.getState(false) == ConnectivityState.READY
                            ? "connected, but no answer"
                            : "no connection",
                        Durations.format(timeout)));
        case UNAVAILABLE ->
            throw new SetupException(dialer.target() + ": " + obstacle(e.getStatus(), dialer));
        default -> {
          // Answered.
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static String obstacle(Status status, Dialer dialer) throws SetupException {
    List<Throwable> causes =
        status.getCause() == null ? List.of() : Throwables.getCausalChain(status.getCause());
    if (any(causes, NotSslRecordException.class)) {
      return "the server does not use TLS (try --plaintext)";
    }
    if (any(causes, CertPathBuilderException.class)
        || any(causes, CertPathValidatorException.class)) {
      return "the server's certificate is not trusted (--ca FILE sets the trusted"
          + " certificates)";
    }
    if (any(causes, CertificateException.class)) {
      return otherName(dialer);
    }
    String reason = StatusText.reason(status);
    if (any(causes, SSLException.class) && reason.contains("alert")) {
      return "the server rejects the client's certificate or requires one (--cert FILE and"
          + " --key FILE set it): "
          + reason;
    }
    return reason.contains("Network closed") || reason.contains("Connection reset")
        ? "the server closed the connection%s: %s".formatted(guess(dialer.security()), reason)
        : "unreachable: " + reason;
  }

  private static String guess(Security security) {
    if (security.plaintext()) {
      return "; it may use TLS (try without --plaintext) or not be a gRPC server";
    }
    return security.certificate() == null ? "" : "; --key may not match --cert";
  }

  private static String otherName(Dialer dialer) throws SetupException {
    Security security = dialer.security();
    String asked =
        security.authority() != null
            ? security.authority()
            : dialer.target().addresses().stream()
                .map(HostPort::host)
                .distinct()
                .collect(Collectors.joining(" or "));
    String trusted = security.trustedSubject();
    return ("the server's certificate is not for %s%s (--authority NAME sets the name that"
            + " is expected)")
        .formatted(asked, trusted == null ? "" : ", the trusted one is for " + trusted);
  }

  private static boolean any(List<Throwable> causes, Class<? extends Throwable> type) {
    return causes.stream().anyMatch(type::isInstance);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
