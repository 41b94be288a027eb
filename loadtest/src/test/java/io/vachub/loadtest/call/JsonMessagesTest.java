package io.vachub.loadtest.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int64Value;
import io.vachub.proto.TextRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMessagesTest {

  @Test
  void aStringHoldsTheNumberWithLeadingZeros() throws Exception {
    Messages messages = messages("{\"message\": \"no {{n}}!\", \"clientId\": \"{{client}}\"}");

    assertThat(request(messages, 0).getMessage()).isEqualTo("no 000000000000!");
    assertThat(request(messages, 123_456).getMessage()).isEqualTo("no 000000123456!");
    assertThat(request(messages, 1).getClientId()).isEqualTo("client-7");
  }

  @Test
  void aNumberMayStandWithoutQuotes() throws Exception {
    Messages messages = messages("{\"channel_id\": {{n}}, \"message\": \"{{stream}}\"}");

    assertThat(request(messages, 0).getChannelId()).isZero();
    assertThat(request(messages, 70_000).getChannelId()).isEqualTo(70_000);
    assertThat(request(messages, 3).getMessage()).isEqualTo("7");
  }

  @Test
  void timeGoesOnAndChanceIsNew() throws Exception {
    Messages messages = messages("{\"message\": \"{{now}} {{random}}\"}");
    long before = System.currentTimeMillis();

    String[] first = request(messages, 0).getMessage().split(" ");
    String[] second = request(messages, 1).getMessage().split(" ");

    assertThat(Long.parseLong(first[0])).isGreaterThanOrEqualTo(before);
    assertThat(first[1]).hasSize(12).isNotEqualTo(second[1]);
  }

  @Test
  void linesAreSentInTurn() throws Exception {
    Messages messages =
        new JsonMessages(
                TextRequest.getDescriptor(),
                List.of("{\"message\":\"a{{n}}\"}", "{\"message\":\"b\"}"))
            .forStream(0, 0, "client");

    assertThat(request(messages, 2).getMessage()).isEqualTo("a000000000002");
    assertThat(request(messages, 3).getMessage()).isEqualTo("b");
  }

  @Test
  void streamsDoNotShareBytes() throws Exception {
    JsonMessages source =
        new JsonMessages(TextRequest.getDescriptor(), List.of("{\"message\":\"{{n}}\"}"));
    Message one = source.forStream(0, 0, "c").numbered(1);
    source.forStream(1, 0, "c").numbered(2);

    assertThat(TextRequest.parseFrom(one.readAllBytes()).getMessage()).isEqualTo("000000000001");
  }

  @ParameterizedTest
  @EnumSource(
      value = Type.class,
      names = {
        "TYPE_INT32", "TYPE_UINT32", "TYPE_SINT32", "TYPE_FIXED32", "TYPE_SFIXED32", "TYPE_INT64",
        "TYPE_UINT64", "TYPE_SINT64", "TYPE_FIXED64", "TYPE_SFIXED64", "TYPE_DOUBLE", "TYPE_FLOAT"
      })
  void everyKindOfNumberCanBePatched(Type type) throws Exception {
    Descriptor descriptor = withField(type);
    Messages messages =
        new JsonMessages(descriptor, List.of("{\"f\": \"{{n}}\"}")).forStream(0, 0, "c");

    for (long number : new long[] {0, 1, 127, 128, 300_000, 16_777_216}) {
      DynamicMessage message =
          DynamicMessage.parseFrom(descriptor, messages.numbered(number).frozen());
      Number value = (Number) message.getField(descriptor.findFieldByName("f"));
      assertThat(value.longValue()).isEqualTo(number);
    }
  }

  @Test
  void aWrappedNumberAndAListAreNumbersToo() throws Exception {
    Messages wrapped =
        new JsonMessages(withWrapper(), List.of("{\"w\": {{n}}, \"l\": [1, {{n}}]}"))
            .forStream(0, 0, "c");

    String text = DynamicMessage.parseFrom(withWrapper(), wrapped.numbered(42).frozen()).toString();
    assertThat(text).contains("value: 42").contains("l: 1").contains("l: 42");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"missing\": 1}",
        "{\"channel_id\": \"x\"}",
        "no json",
        "{\"message\": \"{{number}}\"}",
        "{\"channel_id\": \"{{n}}0\"}"
      })
  void whatIsNoMessageIsSaid(String json) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> messages(json))
        .withMessageStartingWith(json)
        .withMessageContaining("(expected: JSON of streaming.TextRequest: ");
  }

  private static Messages messages(String json) {
    return new JsonMessages(TextRequest.getDescriptor(), List.of(json)).forStream(7, 0, "client-7");
  }

  private static TextRequest request(Messages messages, long number) throws Exception {
    return TextRequest.parseFrom(messages.numbered(number).frozen());
  }

  private static Descriptor withField(Type type) throws Exception {
    return file(
        DescriptorProto.newBuilder()
            .setName("M")
            .addField(FieldDescriptorProto.newBuilder().setName("f").setNumber(1).setType(type))
            .build());
  }

  private static Descriptor withWrapper() throws Exception {
    return file(
        DescriptorProto.newBuilder()
            .setName("M")
            .addField(
                FieldDescriptorProto.newBuilder()
                    .setName("w")
                    .setNumber(1)
                    .setType(Type.TYPE_MESSAGE)
                    .setTypeName(".google.protobuf.Int64Value"))
            .addField(
                FieldDescriptorProto.newBuilder()
                    .setName("l")
                    .setNumber(2)
                    .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                    .setType(Type.TYPE_SINT64))
            .build());
  }

  private static Descriptor file(DescriptorProto message) throws Exception {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("m.proto")
            .setSyntax("proto3")
            .addDependency("google/protobuf/wrappers.proto")
            .addMessageType(message)
            .build();
    return FileDescriptor.buildFrom(
            file, new FileDescriptor[] {Int64Value.getDescriptor().getFile()})
        .findMessageTypeByName("M");
  }
}
