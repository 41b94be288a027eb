package io.vachub;

import static io.grpc.stub.MetadataUtils.newAttachHeadersInterceptor;
import static io.grpc.stub.MetadataUtils.newCaptureMetadataInterceptor;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** README's Java client, word for word. */
final class HandoffClient {

  static final Metadata.Key<String> HANDOFF =
      Metadata.Key.of("vachub-handoff", Metadata.ASCII_STRING_MARSHALLER);

  private HandoffClient() {}

  static void send(List<String> texts, Supplier<ManagedChannel> connect) throws Exception {
    ManagedChannel channel = connect.get();
    int done = 0;
    while (done < texts.size()) {
      var trailers = new AtomicReference<Metadata>();
      var accept = new Metadata();
      accept.put(HANDOFF, "accept");
      var stream =
          StreamerGrpc.newBlockingV2Stub(channel)
              .withWaitForReady()
              .withInterceptors(
                  newAttachHeadersInterceptor(accept),
                  newCaptureMetadataInterceptor(new AtomicReference<>(), trailers))
              .processTextStream();
      for (String text : texts.subList(done, texts.size())) {
        if (!stream.write(TextRequest.newBuilder().setMessage(text).setClientId("me").build())) {
          break; // the server has ended the stream
        }
      }
      stream.halfClose();
      while (stream.hasNext()) {
        done += stream.read().getMessageCount();
      }
      if ("rebalance".equals(trailers.get().get(HANDOFF))) {
        channel.shutdown();
        channel = connect.get();
      }
    }
    channel.shutdown();
  }
}
