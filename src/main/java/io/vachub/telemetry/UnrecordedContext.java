package io.vachub.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;

/**
 * The context of a call whose span is not recorded, and whose ids only log lines and outgoing calls
 * ask for. It keeps the ids as numbers and makes the span for each that asks, because ids as text
 * in a span in a context take four times the memory for as long as the call is open.
 */
final class UnrecordedContext implements Context {

  private static final int HEX_DIGITS_OF_LONG = 16;

  private final Context parent;
  private final long traceIdHigh;
  private final long traceIdLow;
  private final long spanId;
  private final TraceFlags flags;

  private UnrecordedContext(Context parent, SpanContext span) {
    this.parent = parent;
    this.traceIdHigh = longAt(span.getTraceId(), 0);
    this.traceIdLow = longAt(span.getTraceId(), HEX_DIGITS_OF_LONG);
    this.spanId = longAt(span.getSpanId(), 0);
    this.flags = span.getTraceFlags();
  }

  private static long longAt(String hex, int start) {
    return Long.parseUnsignedLong(hex, start, start + HEX_DIGITS_OF_LONG, 16);
  }

  /** A context with this span, which is not recorded. */
  static Context of(Context parent, Span span) {
    SpanContext ids = span.getSpanContext();
    return ids.isRemote() || !ids.getTraceState().isEmpty()
        ? parent.with(span)
        : new UnrecordedContext(parent, ids);
  }

  private Context withSpan() {
    return parent.with(
        Span.wrap(
            SpanContext.create(
                TraceId.fromLongs(traceIdHigh, traceIdLow),
                SpanId.fromLong(spanId),
                flags,
                TraceState.getDefault())));
  }

  @Override
  public <V> V get(ContextKey<V> key) {
    return withSpan().get(key);
  }

  @Override
  public <V> Context with(ContextKey<V> key, V value) {
    return withSpan().with(key, value);
  }
}
