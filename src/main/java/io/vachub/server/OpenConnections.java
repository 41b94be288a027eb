package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Bounds the open connections. A new one takes the place of the one that has been without a call
 * for longest; where each has a call there is no place.
 */
final class OpenConnections {

  private final int max;

  /** Guarded by itself, as is {@code idle}. */
  private final Set<Channel> open = new HashSet<>();

  /** Those without a call, the longest so first. */
  private final Set<Channel> idle = new LinkedHashSet<>();

  OpenConnections(int max) {
    this.max = max;
  }

  /** Takes a connection that was just accepted, or refuses it. */
  boolean add(Channel connection) {
    Channel givesWay = null;
    synchronized (open) {
      if (open.size() >= max) {
        Iterator<Channel> longest = idle.iterator();
        if (!longest.hasNext()) {
          return false;
        }
        givesWay = longest.next();
        longest.remove();
        open.remove(givesWay);
      }
      open.add(connection);
      idle.add(connection);
    }
    connection.closeFuture().addListener(closed -> remove(connection));
    if (givesWay != null) {
      closeUnlessCalled(givesWay);
    }
    return true;
  }

  /**
   * Closes a connection whose peer gives way, whichever thread says so. Not by the pipeline, where
   * HTTP/2 would wait for its streams to end.
   */
  static void closeAtOnce(Channel connection) {
    Channel.Unsafe unsafe = connection.unsafe();
    connection.eventLoop().execute(() -> unsafe.close(unsafe.voidPromise()));
  }

  /** Watches the calls of such a connection from when it speaks HTTP/2. */
  void watch(Channel connection, Http2Connection http2) {
    http2.addListener(
        new Http2ConnectionAdapter() {
          @Override
          public void onStreamActive(Http2Stream stream) {
            if (http2.numActiveStreams() == 1) {
              hasCalls(connection, true);
            }
          }

          @Override
          public void onStreamClosed(Http2Stream stream) {
            if (http2.numActiveStreams() == 0) {
              hasCalls(connection, false);
            }
          }
        });
  }

  private void hasCalls(Channel connection, boolean some) {
    synchronized (open) {
      if (some) {
        idle.remove(connection);
      } else if (open.contains(connection)) {
        idle.add(connection);
      }
    }
  }

  private void remove(Channel connection) {
    synchronized (open) {
      open.remove(connection);
      idle.remove(connection);
    }
  }

  /**
   * With a GOAWAY, but not later for a peer that does not read it. A call that has arrived in the
   * meantime is not cut for a newcomer: then there is one connection more.
   */
  private void closeUnlessCalled(Channel connection) {
    connection
        .eventLoop()
        .execute(
            () -> {
              if (isCalled(connection)) {
                synchronized (open) {
                  open.add(connection);
                }
              } else {
                connection.close();
                connection.unsafe().closeForcibly();
              }
            });
  }

  private static boolean isCalled(Channel connection) {
    Http2ConnectionHandler http2 = connection.pipeline().get(Http2ConnectionHandler.class);
    return http2 != null && http2.connection().numActiveStreams() > 0;
  }
}
