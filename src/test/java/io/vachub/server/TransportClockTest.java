package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.channelz.v1.ChannelzGrpc;
import io.grpc.channelz.v1.ChannelzGrpc.ChannelzBlockingStub;
import io.grpc.channelz.v1.GetServerSocketsRequest;
import io.grpc.channelz.v1.GetServersRequest;
import io.grpc.channelz.v1.GetSocketRequest;
import io.grpc.channelz.v1.SocketData;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ChannelzService;
import io.vachub.TestServer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;

/** When channelz says that messages came and went. */
class TransportClockTest {

  private static final int ALL = 100;

  static class Channelz {
    @Bean
    ChannelzService channelz() {
      return ChannelzService.newInstance(ALL);
    }
  }

  @Test
  void messagesAreNotedWithTheTimeOfThisClock() throws Exception {
    NettyServerBuilder builder = NettyServerBuilder.forPort(0);
    TransportClock.set(builder, () -> TimeUnit.SECONDS.toNanos(1_000_000));
    Server server = builder.addService(ChannelzService.newInstance(ALL)).build().start();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", server.getPort()).usePlaintext().build();
    try {
      SocketData socket = socket(channel, server.getPort());

      assertThat(socket.getLastMessageReceivedTimestamp().getSeconds()).isEqualTo(1_000_000);
      assertThat(socket.getLastMessageSentTimestamp().getSeconds()).isEqualTo(1_000_000);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }

  @Test
  void thisClockGoesOn() {
    try (TestServer server = TestServer.startWith(Channelz.class)) {
      for (int i = 0; i < 2; i++) {
        long now = System.currentTimeMillis();

        await().until(() -> lastMessageMillis(server) >= now);

        assertThat(lastMessageMillis(server)).isLessThanOrEqualTo(System.currentTimeMillis());
      }
    }
  }

  private static long lastMessageMillis(TestServer server) {
    return Timestamps.toMillis(
        socket(server.sharedChannel(), server.grpcPort()).getLastMessageReceivedTimestamp());
  }

  /** The connection of this channel, which has no other, as the server on this port sees it. */
  private static SocketData socket(Channel channel, int port) {
    ChannelzBlockingStub channelz = ChannelzGrpc.newBlockingStub(channel);
    return channelz.getServers(GetServersRequest.getDefaultInstance()).getServerList().stream()
        .map(server -> server.getRef().getServerId())
        .map(server -> GetServerSocketsRequest.newBuilder().setServerId(server).build())
        .flatMap(server -> channelz.getServerSockets(server).getSocketRefList().stream())
        .map(socket -> GetSocketRequest.newBuilder().setSocketId(socket.getSocketId()).build())
        .map(socket -> channelz.getSocket(socket).getSocket())
        .filter(socket -> socket.getLocal().getTcpipAddress().getPort() == port)
        .findFirst()
        .orElseThrow()
        .getData();
  }
}
