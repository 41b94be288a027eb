package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.netty.channel.embedded.EmbeddedChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameAdapter;
import org.junit.jupiter.api.Test;

/** Which connection gives way to a new one, also to calls that come at the same time. */
class OpenConnectionsTest {

  private final OpenConnections connections = new OpenConnections(2);

  @Test
  void theLongestIdleConnectionGivesWay() throws Http2Exception {
    EmbeddedChannel first = connection();
    EmbeddedChannel second = connection();
    call(first);

    assertThat(connections.add(channel())).isTrue();
    second.runPendingTasks();

    assertThat(second.isOpen()).isFalse();
    assertThat(first.isOpen()).isTrue();
  }

  @Test
  void noneGivesWayIfEachHasACall() throws Http2Exception {
    call(connection());
    call(connection());

    assertThat(connections.add(channel())).isFalse();
  }

  @Test
  void aCallThatArrivesMeanwhileIsNotCut() throws Http2Exception {
    EmbeddedChannel first = connection();
    call(connection());
    EmbeddedChannel third = channel();
    assertThat(connections.add(third)).isTrue();

    call(first);
    first.runPendingTasks();

    assertThat(first.isOpen()).as("the connection of the call").isTrue();
    third.close();
    assertThat(connections.add(channel())).as("a fourth beside two with calls").isFalse();
  }

  private EmbeddedChannel connection() {
    EmbeddedChannel channel = channel();
    assertThat(connections.add(channel)).isTrue();
    connections.watch(channel, http2(channel).connection());
    return channel;
  }

  private static void call(EmbeddedChannel channel) throws Http2Exception {
    http2(channel).connection().remote().createStream(1, false);
  }

  private static EmbeddedChannel channel() {
    return new EmbeddedChannel(
        new Http2ConnectionHandlerBuilder()
            .server(true)
            .frameListener(new Http2FrameAdapter())
            .build());
  }

  private static Http2ConnectionHandler http2(EmbeddedChannel channel) {
    return channel.pipeline().get(Http2ConnectionHandler.class);
  }
}
