package io.vachub.loadtest.connection;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The threads of a load, one event loop each; on epoll where it is available. */
public final class EventLoops implements AutoCloseable {

  private final EventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();

  /** Starts so many loops, 1 or more. */
  public EventLoops(int count) {
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory("load", true), io);
    group.forEach(loop -> loops.add((EventLoop) loop));
  }

  /** The loops, each with a thread of its own. */
  public List<EventLoop> loops() {
    return loops;
  }

  /** The kind of socket that these loops can serve. */
  static Class<? extends SocketChannel> socketType() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** Ends the threads, once what they have been given is done. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
