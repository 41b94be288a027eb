package io.vachub.call;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.InputStream;

/**
 * Stands in the place of a request message that its marshaller could not read. grpc-java takes a
 * marshaller's exception for the service's own: it answers UNKNOWN and logs a stack trace. A
 * listener that is given this closes the call with {@link #status} instead.
 *
 * @param status INVALID_ARGUMENT, with what is wrong with the message
 */
public record UnreadableMessage(Status status) {

  /** The same marshaller, which gives an {@link UnreadableMessage} where it would throw. */
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

  /** gRPC hands the listener whatever a marshaller gives it, whichever type it claims to be. */
  @SuppressWarnings("unchecked")
  private static <T> T uncheckedCast(Object value) {
    return (T) value;
  }
}
