package io.vachub.call;

import io.grpc.MethodDescriptor;

/**
 * Distinguishes application calls from health checks, reflection, channelz and load reports, which
 * are never counted, limited, traced or handed off: a health Watch would otherwise delay a shutdown
 * for ever.
 */
public final class ApplicationCalls {

  private ApplicationCalls() {}

  /** Whether calls of this method are application calls. */
  public static boolean include(MethodDescriptor<?, ?> method) {
    return includeService(method.getServiceName());
  }

  /** Whether this service, by its full name, serves application calls. */
  public static boolean includeService(String service) {
    return !(service.startsWith("grpc.health.")
        || service.startsWith("grpc.reflection.")
        || service.startsWith("grpc.channelz.")
        || service.startsWith("xds.service.orca."));
  }
}
