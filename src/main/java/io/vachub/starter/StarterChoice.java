package io.vachub.starter;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Leaves out what no start would survive or want: net.devh's metrics, which name a class that
 * Spring Boot 4 has moved and double gRPC's own; and, where net.devh's starter is there too, Spring
 * Boot's own, for one server is enough.
 */
class StarterChoice implements AutoConfigurationImportFilter {

  private static final String DEVH = "net.devh.boot.grpc.server.autoconfigure.";
  private static final String BOOT = "org.springframework.boot.grpc.server.autoconfigure.";

  private final boolean hasDevh =
      ClassUtils.isPresent(
          DEVH + "GrpcServerAutoConfiguration", StarterChoice.class.getClassLoader());

  @Override
  public boolean[] match(String[] autoConfigurations, AutoConfigurationMetadata metadata) {
    boolean[] matches = new boolean[autoConfigurations.length];
    for (int i = 0; i < matches.length; i++) {
      matches[i] = autoConfigurations[i] == null || isWanted(autoConfigurations[i]);
    }
    return matches;
  }

  private boolean isWanted(String autoConfiguration) {
    return !autoConfiguration.equals(DEVH + "GrpcServerMetricAutoConfiguration")
        && !(hasDevh && autoConfiguration.startsWith(BOOT));
  }
}
