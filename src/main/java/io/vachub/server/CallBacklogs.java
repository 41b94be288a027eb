package io.vachub.server;

import io.grpc.Metadata;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vachub.call.CallTransport;

/**
 * Bounds what waits for either end of a call, over all calls of the pod, health checks and
 * reflection included: messages that the service has not read, and answers that the client has not.
 * Above the bound, which parts of frames share, who has held much for longest gives way. HTTP/2's
 * windows bound the messages of each call alone, and the bytes, not what they take; nothing bounds
 * the answers of a service that does not ask whether the client is ready.
 */
final class CallBacklogs extends CallTransport.Factory {

  private final HeldBytes unread;

  CallBacklogs(HeldBytes unread) {
    this.unread = unread;
  }

  /** Watches a connection before anything is read from it. */
  void watch(Http2ConnectionHandler http2) {
    Http2Connection connection = http2.connection();
    Http2Connection.PropertyKey key = connection.newKey();
    http2.decoder().frameListener(new Arrivals(http2.decoder().frameListener(), connection, key));
    connection.remote().flowController(new Departures(connection.remote().flowController(), key));
  }

  @Override
  public CallTransport newServerStreamTracer(String fullMethodName, Metadata headers) {
    CallBacklog opened = new CallBacklog(unread);
    Arrivals.opened(opened);
    return opened;
  }
}
