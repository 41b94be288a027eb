package io.vachub.call;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Cancels the context in which gRPC runs a call. It is what ends a call at its deadline, also one
 * that was closed; but code that runs in a call is given only a surrogate of it that cannot be
 * cancelled, and gRPC has no other way to reset a call that was closed.
 */
public final class CallContext {

  private static final VarHandle ANCESTOR = ancestor();

  private CallContext() {}

  private static VarHandle ancestor() {
    try {
      return MethodHandles.privateLookupIn(Context.class, MethodHandles.lookup())
          .findVarHandle(Context.class, "cancellableAncestor", CancellableContext.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This io.grpc.Context has no cancellableAncestor", e);
    }
  }

  /** Cancels that of the call which sees {@code surrogate} as its current context. */
  public static void cancel(Context surrogate, Throwable cause) {
    ((CancellableContext) ANCESTOR.get(surrogate)).cancel(cause);
  }
}
