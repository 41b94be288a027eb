package io.vachub.server;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.DefaultSelectStrategyFactory;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollChannelOption;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.beans.factory.DisposableBean;

/**
 * Accepts connections, as grpc-java would, but no more than so many at once. grpc-java has no such
 * limit, and lets in only with threads of one's own.
 */
final class Acceptor implements DisposableBean {

  private static final boolean EPOLL = Epoll.isAvailable();

  /** So many connections are read before what is answered on them is written. */
  private static final int MAX_EVENTS = 4;

  private final OpenConnections connections;
  private final Duration unacknowledged;
  private final HeldBytes parts;
  private final HeldBytes unwritten;
  private final Consumer<Http2ConnectionHandler> accepted;
  private final EventLoopGroup accepting = threads("grpc-accept", 1);
  private final EventLoopGroup serving =
      threads("grpc-serve", Runtime.getRuntime().availableProcessors());
  private final TransportClock clock = new TransportClock(accepting);

  /**
   * With these limits.
   *
   * @param unacknowledged how long what was sent may stay without TCP's acknowledgement; then the
   *     peer is gone and the socket with it. Linux only
   * @param parts where what connections hold of frames that are not whole counts
   * @param unwritten where what they hold because their peers do not read counts
   * @param accepted is told of each connection before HTTP/2 is read from it
   */
  Acceptor(
      int maxConnections,
      Duration unacknowledged,
      HeldBytes parts,
      HeldBytes unwritten,
      Consumer<Http2ConnectionHandler> accepted) {
    this.connections = new OpenConnections(maxConnections);
    this.unacknowledged = unacknowledged;
    this.parts = parts;
    this.unwritten = unwritten;
    this.accepted = accepted;
  }

  private static EventLoopGroup threads(String name, int count) {
    IoHandlerFactory io =
        EPOLL
            ? EpollIoHandler.newFactory(MAX_EVENTS, DefaultSelectStrategyFactory.INSTANCE)
            : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), io);
  }

  void configure(NettyServerBuilder builder) {
    builder.bossEventLoopGroup(accepting).workerEventLoopGroup(serving).channelFactory(this::open);
    TransportClock.set(builder, clock);
    if (EPOLL) {
      builder.withChildOption(
          EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(unacknowledged.toMillis()));
    }
  }

  private ServerChannel open() {
    ServerChannel listening = EPOLL ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    listening.pipeline().addLast(new Limit());
    return listening;
  }

  @Override
  public void destroy() {
    accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    serving.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private final class Limit extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Channel connection = (Channel) message;
      if (connections.add(connection)) {
        connection
            .pipeline()
            .addLast(new ConnectionBacklog(connection, unwritten))
            .addLast(new OnceItSpeaksHttp2(parts, http2 -> speaks(connection, http2)));
        context.fireChannelRead(message);
      } else {
        connection.unsafe().closeForcibly();
      }
    }

    private void speaks(Channel connection, Http2ConnectionHandler http2) {
      connections.watch(connection, http2.connection());
      accepted.accept(http2);
    }
  }
}
