package io.vachub.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import net.devh.boot.grpc.server.config.GrpcServerProperties;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/**
 * Ends a call whose headers are larger than {@code grpc.server.max-inbound-metadata-size}, and that
 * call alone. HTTP/2 refuses what it has not read only together with its connection, so the
 * transport reads up to {@link #transportLimit}. grpc-java's own soft limit refuses by chance, the
 * likelier the larger.
 */
@GrpcGlobalServerInterceptor
@Order(MetadataLimit.ORDER)
class MetadataLimit implements ServerInterceptor {

  /** Before the call is counted. */
  static final int ORDER = 50;

  private static final DataSize GRPC_DEFAULT = DataSize.ofKilobytes(8);

  /** What a connection that dribbles its headers can hold. */
  private static final int TRANSPORT_BYTES = 64 * 1024;

  /** What HTTP/2 counts for each header beside its name and value. */
  private static final int OVERHEAD_BYTES = 32;

  private final DataSize limit;

  MetadataLimit(GrpcServerProperties properties) {
    limit = limit(properties);
  }

  private static DataSize limit(GrpcServerProperties properties) {
    return Optional.ofNullable(properties.getMaxInboundMetadataSize()).orElse(GRPC_DEFAULT);
  }

  /** The bytes of headers above which a connection is closed: 64 KB, or twice a larger limit. */
  static int transportLimit(GrpcServerProperties properties) {
    return (int)
        Math.min(Integer.MAX_VALUE, Math.max(TRANSPORT_BYTES, 2 * limit(properties).toBytes()));
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    long size = size(headers) + (call.getAuthority() == null ? 0 : call.getAuthority().length());
    if (size > limit.toBytes()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "%d bytes of headers (grpc.server.max-inbound-metadata-size: %s)"
                  .formatted(size, limit)),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return next.startCall(call, headers);
  }

  private static long size(Metadata headers) {
    long size = 0;
    for (String name : headers.keys()) {
      for (byte[] value : values(headers, name)) {
        size += name.length() + value.length + OVERHEAD_BYTES;
      }
    }
    return size;
  }

  private static Iterable<byte[]> values(Metadata headers, String name) {
    try {
      return headers.getAll(
          name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
              ? Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)
              : Metadata.Key.of(name, BYTES));
    } catch (IllegalArgumentException e) {
      // Not a name of gRPC's; its value cannot be asked for.
      return List.of();
    }
  }

  private static final Metadata.AsciiMarshaller<byte[]> BYTES =
      new Metadata.AsciiMarshaller<>() {
        @Override
        public String toAsciiString(byte[] value) {
          return new String(value, US_ASCII);
        }

        @Override
        public byte[] parseAsciiString(String serialized) {
          return serialized.getBytes(US_ASCII);
        }
      };
}
