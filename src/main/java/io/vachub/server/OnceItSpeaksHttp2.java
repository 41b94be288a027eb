package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPipeline;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;

/**
 * Sits where the bytes of a connection are HTTP/2, behind TLS if there is any, until there is who
 * reads them, and tells of it. What decodes HTTP/2 and TLS gets {@link WholeFrames} only.
 */
final class OnceItSpeaksHttp2 extends ChannelInboundHandlerAdapter {

  private final HeldBytes parts;
  private final Consumer<Http2ConnectionHandler> listener;

  OnceItSpeaksHttp2(HeldBytes parts, Consumer<Http2ConnectionHandler> listener) {
    this.parts = parts;
    this.listener = listener;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    super.channelActive(context);
    ChannelPipeline pipeline = context.pipeline();
    ChannelHandlerContext tls = pipeline.context(SslHandler.class);
    if (tls == null) {
      speaks(pipeline);
    } else {
      pipeline.remove(this);
      pipeline.addBefore(tls.name(), null, new WholeFrames(FrameFormat.TLS, parts));
      pipeline.addAfter(tls.name(), null, new AfterHandshake());
    }
  }

  private void speaks(ChannelPipeline pipeline) {
    ChannelHandlerContext http2 = pipeline.context(Http2ConnectionHandler.class);
    pipeline.addBefore(http2.name(), null, new WholeFrames(FrameFormat.HTTP2, parts));
    listener.accept((Http2ConnectionHandler) http2.handler());
  }

  private final class AfterHandshake extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      super.userEventTriggered(context, event);
      ChannelPipeline pipeline = context.pipeline();
      if (pipeline.get(Http2ConnectionHandler.class) != null) {
        speaks(pipeline);
        pipeline.remove(this);
      }
    }
  }
}
