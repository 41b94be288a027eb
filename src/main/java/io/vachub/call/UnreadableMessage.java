package io.vachub.call;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.InputStream;

/**
 * Replaces a request message that its marshaller could not read. grpc-java treats a marshaller's
 * exception like one of the service: it answers UNKNOWN and logs a stack trace. A listener that
 * receives this closes the call with {@link #status} instead.
 *
 * @param status INVALID_ARGUMENT and the reason
 */
public record UnreadableMessage(Status status) {

  /** The same marshaller, which returns an {@link UnreadableMessage} instead of throwing. */
  public static <T> Marshaller<T> insteadOfFailure(Marshaller<T> marshaller) {
    return new Marshaller<>() {
      @Override
      public InputStream stream(T value) {
        return marshaller.stream(value);
      }

      @Override
      public T parse(InputStream stream) {
        try {
          return marshaller.parse(stream);
        } catch (RuntimeException e) {
          return uncheckedCast(new UnreadableMessage(invalid(e)));
        }
      }
    };
  }

  private static Status invalid(RuntimeException e) {
    String why = Status.fromThrowable(e).getDescription();
    return Status.INVALID_ARGUMENT.withDescription(
        "Message that cannot be read" + (why == null ? "" : ": " + why));
  }

  /** gRPC passes to the listener whatever a marshaller returns, whatever its declared type. */
  @SuppressWarnings("unchecked")
  private static <T> T uncheckedCast(Object value) {
    return (T) value;
  }
}
