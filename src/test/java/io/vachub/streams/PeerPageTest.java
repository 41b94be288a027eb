package io.vachub.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.policy.Fleet;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PeerPageTest {

  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final PeerPage page = new PeerPage();

  @Test
  void readsNoFurtherThanALimit() {
    page.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {}

          @Override
          public void cancel() {
            cancelled.set(true);
          }
        });

    page.onNext(List.of(ByteBuffer.allocate(8 * 1024), ByteBuffer.allocate(8 * 1024)));
    assertThat(cancelled).isFalse();

    page.onNext(List.of(ByteBuffer.allocate(1)));
    assertThat(cancelled).isTrue();
    assertThat(page.getBody()).isCompletedExceptionally();
  }

  @Test
  void believesUpToAMillionStreams() {
    assertThat(PeerPage.parse("grpc_server_active_streams 1000000\n"))
        .map(Fleet.Peer::streams)
        .hasValue(1_000_000);
    assertThat(PeerPage.parse("grpc_server_active_streams 1000001\n")).isEmpty();
  }
}
