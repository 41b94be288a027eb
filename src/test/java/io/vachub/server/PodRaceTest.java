package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.vachub.proto.StreamerGrpc;
import io.vachub.proto.TextRequest;
import io.vachub.proto.TextResponse;
import io.vachub.streams.LoadReports;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** A call may be handed off, on another thread, while it is still being started. */
class PodRaceTest {

  private final List<String> sent = new CopyOnWriteArrayList<>();
  private ServerCall<TextRequest, TextResponse> naming;

  @Test
  void sendsHeadersBeforeTheAnswerOfACallThatIsHandedOffAtItsStart() throws InterruptedException {
    Thread handoff =
        new Thread(
            () -> {
              naming.sendHeaders(new Metadata());
              naming.sendMessage(TextResponse.getDefaultInstance());
              naming.close(Status.OK, new Metadata());
            });

    new PodInterceptor(new StaticListableBeanFactory().getBeanProvider(LoadReports.class))
        .interceptCall(
            new SlowCall(handoff),
            new Metadata(),
            (call, headers) -> {
              naming = call;
              return new ServerCall.Listener<>() {};
            });
    handoff.join();

    assertThat(sent).containsExactly("headers", "message", "close");
  }

  /** Takes so long to send the headers that the handoff meets it. */
  private final class SlowCall extends ServerCall<TextRequest, TextResponse> {

    private final Thread handoff;

    SlowCall(Thread handoff) {
      this.handoff = handoff;
    }

    @Override
    public void sendHeaders(Metadata headers) {
      handoff.start();
      await()
          .until(
              () ->
                  handoff.getState() == Thread.State.BLOCKED
                      || handoff.getState() == Thread.State.TERMINATED);
      sent.add("headers");
    }

    @Override
    public void sendMessage(TextResponse message) {
      sent.add("message");
    }

    @Override
    public void close(Status status, Metadata trailers) {
      sent.add("close");
    }

    @Override
    public void request(int numMessages) {
      throw new AssertionError();
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }

    @Override
    public MethodDescriptor<TextRequest, TextResponse> getMethodDescriptor() {
      return StreamerGrpc.getProcessTextStreamMethod();
    }
  }
}
