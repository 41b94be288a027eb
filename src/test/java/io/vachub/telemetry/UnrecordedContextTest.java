package io.vachub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import org.junit.jupiter.api.Test;

class UnrecordedContextTest {

  private static final String TRACE_ID = "ffeeddccbbaa99880102030405060708";
  private static final String SPAN_ID = "f0e0d0c0b0a09080";

  private static SpanContext ids(TraceState state) {
    return SpanContext.create(TRACE_ID, SPAN_ID, TraceFlags.getSampled(), state);
  }

  private static Span spanOf(Context context) {
    try (Scope scope = context.makeCurrent()) {
      return Span.current();
    }
  }

  @Test
  void theSpanHasItsIdsEachTimeItIsAskedFor() {
    Context context = UnrecordedContext.of(Context.root(), Span.wrap(ids(TraceState.getDefault())));

    assertThat(spanOf(context).getSpanContext()).isEqualTo(ids(TraceState.getDefault()));
    assertThat(spanOf(context).getSpanContext()).isEqualTo(ids(TraceState.getDefault()));
  }

  @Test
  void whatTheParentAndAChildHaveIsThere() {
    ContextKey<String> key = ContextKey.named("key");
    Baggage baggage = Baggage.builder().put("user", "a").build();
    Context parent = Context.root().with(baggage);
    Context context = UnrecordedContext.of(parent, Span.wrap(ids(TraceState.getDefault())));
    Context child = context.with(key, "value");

    assertThat(context.get(key)).isNull();
    assertThat(child.get(key)).isEqualTo("value");
    assertThat(Baggage.fromContext(child)).isEqualTo(baggage);
    assertThat(spanOf(child).getSpanContext()).isEqualTo(ids(TraceState.getDefault()));
  }

  @Test
  void aTraceStateIsKept() {
    TraceState state = TraceState.builder().put("vendor", "1").build();

    assertThat(spanOf(UnrecordedContext.of(Context.root(), Span.wrap(ids(state)))).getSpanContext())
        .isEqualTo(ids(state));
  }

  @Test
  void aSpanThatIsInvalidStaysInvalid() {
    Context context = UnrecordedContext.of(Context.root(), Span.getInvalid());

    assertThat(spanOf(context).getSpanContext()).isEqualTo(SpanContext.getInvalid());
  }
}
