package io.vachub.proof;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.vachub.proto.TextRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;

/**
 * Makes a server write each message that reaches its handler to the {@link Ledger}. Without an
 * annotation of its own, so that no scan finds it.
 */
class RecordingBeans {

  @Bean
  @GrpcGlobalServerInterceptor
  RecordingInterceptor recordingInterceptor(@Value("${vachub.proof.ledger}") Path ledger)
      throws IOException {
    return new RecordingInterceptor(ledger);
  }

  /** The one next to the handler. */
  @Order(1000)
  static final class RecordingInterceptor implements ServerInterceptor, AutoCloseable {

    private final FileChannel ledger;

    RecordingInterceptor(Path ledger) throws IOException {
      this.ledger = FileChannel.open(ledger, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
        @Override
        public void onMessage(ReqT message) {
          if (message instanceof TextRequest request) {
            write(request.getClientId() + " " + request.getMessage() + "\n");
          }
          super.onMessage(message);
        }
      };
    }

    /** One system call, which appends the line whole however many processes write. */
    private void write(String line) {
      try {
        ledger.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      ledger.close();
    }
  }
}
