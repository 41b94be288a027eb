package io.vachub.call;

import io.grpc.ServerInterceptor;

/**
 * An interceptor of this service; {@link CallChain} passes it the calls that its {@link Place} is
 * for.
 */
public interface CallInterceptor extends ServerInterceptor {

  /**
   * Its position in the chain. An application's own interceptor replaces the one of this library.
   */
  Place place();
}
