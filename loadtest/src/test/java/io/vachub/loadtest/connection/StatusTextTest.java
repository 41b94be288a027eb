package io.vachub.loadtest.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class StatusTextTest {

  @Test
  void namesTheRootCauseEvenIfThatHasNoMessage() {
    Status ioException = Status.UNAVAILABLE.withDescription("io exception\nChannel Pipeline: []");

    assertThat(StatusText.of(ioException.withCause(new IOException(new ClosedChannelException()))))
        .isEqualTo("UNAVAILABLE: io exception: ClosedChannelException");
    assertThat(StatusText.reason(ioException.withCause(new IOException("Connection refused"))))
        .isEqualTo("io exception: Connection refused");
  }

  @Test
  void saysNothingTwiceAndNothingWhereThereIsNothing() {
    assertThat(StatusText.of(Status.INTERNAL)).isEqualTo("INTERNAL");
    assertThat(
            StatusText.of(Status.INTERNAL.withDescription("a bug").withCause(new Error("a bug"))))
        .isEqualTo("INTERNAL: a bug");
  }

  @Test
  void isShort() {
    assertThat(StatusText.of(Status.INTERNAL.withDescription("x".repeat(10_000))))
        .hasSizeLessThan(220)
        .endsWith("…");
  }
}
