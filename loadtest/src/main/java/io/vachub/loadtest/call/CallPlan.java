package io.vachub.loadtest.call;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.vachub.loadtest.load.Rpc;
import java.util.ArrayList;
import java.util.List;

/**
 * How a load calls its service.
 *
 * @param method the method; of an answer only its count is read
 * @param messages what is sent
 * @param headers the headers of each call; must not be changed
 */
public record CallPlan(
    MethodDescriptor<Message, Long> method, Messages.Source messages, Metadata headers) {

  /** Calls the Streamer with texts of so many bytes. */
  public static CallPlan streamer(Rpc rpc, int messageBytes, Metadata headers) {
    return new CallPlan(method(rpc, List.of(1)), Messages.texts(messageBytes), headers);
  }

  /** Calls any method; the path is that to the count in its answers, empty where there is none. */
  public static CallPlan of(
      Rpc rpc, List<Integer> countPath, Messages.Source messages, Metadata headers) {
    return new CallPlan(method(rpc, countPath), messages, headers);
  }

  private static MethodDescriptor<Message, Long> method(Rpc rpc, List<Integer> countPath) {
    return MethodDescriptor.<Message, Long>newBuilder()
        .setType(rpc.type())
        .setFullMethodName(rpc.fullMethod())
        .setRequestMarshaller(new Message.Marshaller())
        .setResponseMarshaller(new CountMarshaller(countPath))
        .build();
  }

  /**
   * The numbers of the fields on the way to a count, such as {@code result.message_count}.
   *
   * @throws IllegalArgumentException if there are none, with what there is instead
   */
  public static List<Integer> countPath(Descriptor answer, String path) {
    List<Integer> numbers = new ArrayList<>();
    Descriptor message = answer;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length; i++) {
      FieldDescriptor field = message == null ? null : message.findFieldByName(names[i]);
      boolean last = i == names.length - 1;
      if (field == null || field.isRepeated() || !(last ? isWhole(field) : isMessage(field))) {
        throw new IllegalArgumentException(
            "%s (expected: a field of %s with a whole number)"
                .formatted(path, answer.getFullName()));
      }
      numbers.add(field.getNumber());
      message = last ? null : field.getMessageType();
    }
    return numbers;
  }

  private static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  /** Zigzag is left out: no count is negative. */
  private static boolean isWhole(FieldDescriptor field) {
    return switch (field.getType()) {
      case INT32, INT64, UINT32, UINT64, FIXED32, FIXED64, SFIXED32, SFIXED64 -> true;
      default -> false;
    };
  }
}
