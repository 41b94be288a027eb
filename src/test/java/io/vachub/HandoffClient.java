package io.vachub;

import io.grpc.ManagedChannel;
import io.vachub.client.TextSender;
import io.vachub.client.TextSender.Rpc;
import io.vachub.proto.TextRequest;
import java.util.function.Supplier;

/** The Java client of proto/README.md, word for word. */
final class HandoffClient {

  private HandoffClient() {}

  static long send(Iterable<String> texts, Supplier<ManagedChannel> connect) throws Exception {
    // After a crash, send again: twice rather than never.
    try (var sender = new TextSender(connect, Rpc.ACKNOWLEDGE, lost -> true, 10_000)) {
      for (String text : texts) {
        sender.send(TextRequest.newBuilder().setMessage(text).setClientId("me").build());
      }
      return sender.finish();
    }
  }
}
