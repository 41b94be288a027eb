package io.vachub.call;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeoutException;

/**
 * Cancels the context in which gRPC runs a call. This context ends a call at its deadline, even if
 * the call was closed; but code that runs in a call gets only a surrogate that cannot be cancelled,
 * and gRPC offers no other way to reset a call that was closed.
 */
final class CallContext {

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
   * The context behind a surrogate, or the next that can be cancelled above any other context; null
   * if there is none.
   */
  static CancellableContext of(Context context) {
    return (CancellableContext) ANCESTOR.get(context);
  }

  /** Cancels a call's context because of what its client did or did not do. */
  static void cancel(CancellableContext context, String why) {
    context.cancel(new FaultOfClient(why));
  }

  /** Whether this status, reported by the transport, is that of a call that was cancelled here. */
  static boolean wasCancelled(Status status) {
    return status.getCause() instanceof FaultOfClient;
  }

  /** gRPC resets a call only for this kind of cause, and reports it as DEADLINE_EXCEEDED. */
  private static final class FaultOfClient extends TimeoutException {

    private static final long serialVersionUID = 1;

    FaultOfClient(String message) {
      super(message);
    }
  }
}
