package io.vachub.server;

import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2CodecUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;

/**
 * Remembers no more of the headers sent on a connection than HTTP/2's default, 4,096 bytes, even if
 * the client allows more (RFC 7541, 4.2). Netty takes what the client says, up to 4 GiB.
 */
final class HeaderTable extends Http2FrameListenerDecorator {

  private final Http2HeadersEncoder.Configuration sent;

  private HeaderTable(Http2FrameListener next, Http2HeadersEncoder.Configuration sent) {
    super(next);
    this.sent = sent;
  }

  /** From now on. */
  static void bound(Http2ConnectionHandler http2) {
    http2
        .decoder()
        .frameListener(
            new HeaderTable(
                http2.decoder().frameListener(),
                http2.encoder().configuration().headersConfiguration()));
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
      throws Http2Exception {
    if (sent.maxHeaderTableSize() > Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
      sent.maxHeaderTableSize(Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE);
    }
    super.onSettingsRead(context, settings);
  }
}
