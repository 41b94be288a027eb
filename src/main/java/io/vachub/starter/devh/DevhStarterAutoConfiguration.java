package io.vachub.starter.devh;

import io.vachub.server.ServerAutoConfiguration;
import net.devh.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration;
import net.devh.boot.grpc.server.config.GrpcServerProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** Adds vac-hub to net.devh's starter, where that is on the class path. */
@AutoConfiguration(
    after = ServerAutoConfiguration.class,
    before = GrpcServerAutoConfiguration.class)
@ConditionalOnClass(GrpcServerAutoConfiguration.class)
@EnableConfigurationProperties(GrpcServerProperties.class)
@Import({
  Reflection.class,
  ServiceDiscoverer.class,
  SettingsCheck.class,
  Starter.class,
  WithoutRequestScope.class
})
public final class DevhStarterAutoConfiguration {}
