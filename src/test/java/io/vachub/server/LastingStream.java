package io.vachub.server;

import static io.vachub.TestServer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.TestServer;
import io.vachub.TestStream;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;

/** The stream of a client that means no harm, on a connection of its own. */
record LastingStream(TestStream<TextRequest, TextResponse> stream) {

  static LastingStream on(TestServer server) {
    TestStream<TextRequest, TextResponse> stream =
        TestStream.open(server.channel(), StreamerGrpc.getAcknowledgeTextStreamMethod())
            .send(request("neighbour", 1));
    stream.headers();
    return new LastingStream(stream);
  }

  /** Ends it as its client wants to. */
  void lasts() {
    stream.send(request("neighbour", 2)).halfClose();
    assertThat(stream.end().status().isOk()).isTrue();
    assertThat(stream.answers()).hasSize(2);
  }
}
