package io.vachub.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.vachub.call.CallInterceptor;
import io.vachub.call.Place;
import io.vachub.call.ServerSettings;
import java.util.List;
import org.springframework.util.unit.DataSize;

/**
 * Ends a call whose headers are larger than the starter's limit, and that call alone. HTTP/2
 * refuses what it has not read only together with its connection, so the transport reads up to
 * {@link #transportLimit}. grpc-java's own soft limit refuses by chance, the likelier the larger.
 */
class MetadataLimit implements CallInterceptor {

  /** What a connection that dribbles its headers can hold. */
  private static final int TRANSPORT_BYTES = 64 * 1024;

  /** What HTTP/2 counts for each header beside its name and value. */
  private static final int OVERHEAD_BYTES = 32;

  private final ServerSettings settings;

  MetadataLimit(ServerSettings settings) {
    this.settings = settings;
  }

  /** The bytes of headers above which a connection is closed: 64 KB, or twice a larger limit. */
  static int transportLimit(ServerSettings settings) {
    long twice = 2 * settings.maxInboundMetadataSize().toBytes();
    return (int) Math.min(Integer.MAX_VALUE, Math.max(TRANSPORT_BYTES, twice));
  }

  @Override
  public Place place() {
    return Place.HEADERS;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    long size = size(headers) + (call.getAuthority() == null ? 0 : call.getAuthority().length());
    DataSize limit = settings.maxInboundMetadataSize();
    if (size > limit.toBytes()) {
      call.close(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "%d bytes of headers (%s: %s)"
                  .formatted(size, settings.maxInboundMetadataSizeProperty(), limit)),
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
