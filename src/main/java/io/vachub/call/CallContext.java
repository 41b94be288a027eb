package io.vachub.call;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeoutException;

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

  /**
   * Cancels that of the call which sees {@code surrogate} as its current context, for what its
   * client did or did not do.
   */
  public static void cancel(Context surrogate, String why) {
    ((CancellableContext) ANCESTOR.get(surrogate)).cancel(new FaultOfClient(why));
  }

  /** Whether this, as the transport tells it, is the end of a call that was cancelled here. */
  public static boolean wasCancelled(Status status) {
    return status.getCause() instanceof FaultOfClient;
  }

  /** gRPC resets a call only for this kind of cause, and calls it DEADLINE_EXCEEDED. */
  private static final class FaultOfClient extends TimeoutException {

    private static final long serialVersionUID = 1;

    FaultOfClient(String message) {
      super(message);
    }
  }
}
