package io.vachub.server;

import io.vachub.handoff.HandoffAutoConfiguration;
import io.vachub.telemetry.TelemetryAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * Guards the gRPC server, tells how full it is, and drains it when the pod goes; {@code
 * vachub.server.enabled=false} leaves it as its starter makes it.
 */
@AutoConfiguration(after = {HandoffAutoConfiguration.class, TelemetryAutoConfiguration.class})
@ConditionalOnBooleanProperty(name = "vachub.server.enabled", matchIfMissing = true)
@EnableConfigurationProperties({DrainProperties.class, ServerProperties.class, TlsProperties.class})
@Import({
  CertificateExpiry.class,
  Drain.class,
  GrpcHealth.class,
  Limits.class,
  LoadReportService.class,
  MetadataLimit.class,
  PodInterceptor.class,
  Tls.class,
  TlsFiles.class,
  WatchingCalls.class
})
public final class ServerAutoConfiguration {}
