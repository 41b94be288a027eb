package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;

/**
 * Sits where the bytes of a connection are HTTP/2, behind TLS if there is any, until there is who
 * reads them, and tells of it.
 */
final class OnceItSpeaksHttp2 extends ChannelInboundHandlerAdapter {

  private final Consumer<Http2ConnectionHandler> listener;

  OnceItSpeaksHttp2(Consumer<Http2ConnectionHandler> listener) {
    this.listener = listener;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    super.channelActive(context);
    ChannelPipeline pipeline = context.pipeline();
    ChannelHandlerContext tls = pipeline.context(SslHandler.class);
    if (tls == null) {
      listener.accept(pipeline.get(Http2ConnectionHandler.class));
    } else {
      pipeline.remove(this);
      pipeline.addAfter(tls.name(), null, new AfterHandshake());
    }
  }

  private final class AfterHandshake extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      super.userEventTriggered(context, event);
      Http2ConnectionHandler http2 = context.pipeline().get(Http2ConnectionHandler.class);
      if (http2 != null) {
        listener.accept(http2);
        context.pipeline().remove(this);
      }
    }
  }
}
