package io.vachub.call;

import io.grpc.ServerInterceptor;

/** An interceptor of the house; {@link CallChain} gives it the calls that its place is for. */
public interface CallInterceptor extends ServerInterceptor {

  /** Where it stands. One of an application's own takes the place of the house's. */
  Place place();
}
