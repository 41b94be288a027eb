package io.vachub.loadtest.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.proto.TextRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {

  private final Message.Marshaller marshaller = new Message.Marshaller();

  @ParameterizedTest
  @ValueSource(ints = {12, 32, 127, 128, 20_000})
  void isTheRequestWithItsNumberInFront(int size) throws IOException {
    Message message = Messages.text(size, 2, "client-1");

    TextRequest request = drained(message.numbered(1_234));

    assertThat(request.getMessage()).startsWith("000000001234").hasSize(size);
    assertThat(request.getChannelId()).isEqualTo(2);
    assertThat(request.getClientId()).isEqualTo("client-1");
  }

  @Test
  void canBeSentAgainWithAnotherNumber() throws IOException {
    Message message = Messages.text(16, 0, "c");

    assertThat(drained(message.numbered(100)).getMessage()).startsWith("000000000100");
    assertThat(drained(message.numbered(99)).getMessage()).startsWith("000000000099");
  }

  @Test
  void aShortTextHoldsTheLastDigits() throws IOException {
    assertThat(drained(Messages.text(3, 0, "c").numbered(12_345)).getMessage()).isEqualTo("345");
    assertThat(drained(Messages.text(0, 0, "c").numbered(12_345)).getMessage()).isEmpty();
  }

  @Test
  void canBeReadByteByByteAsWell() throws IOException {
    InputStream stream = marshaller.stream(Messages.text(16, 7, "c").numbered(5));

    assertThat(TextRequest.parseFrom(stream.readAllBytes()).getMessage())
        .startsWith("000000000005");
  }

  private TextRequest drained(Message message) throws IOException {
    Message stream = (Message) marshaller.stream(message);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int announced = stream.available();
    assertThat(stream.drainTo(bytes)).isEqualTo(announced);
    assertThat(stream.available()).isZero();
    return TextRequest.parseFrom(bytes.toByteArray());
  }
}
