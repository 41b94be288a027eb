package io.vachub.streams;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Counts this pod's streams, limits them, and reads those of its peers; {@code
 * vachub.streams.enabled=false} does without, and so without balance.
 */
@AutoConfiguration(
    after = {
      CompositeMeterRegistryAutoConfiguration.class,
      PrometheusMetricsExportAutoConfiguration.class
    })
@ConditionalOnBooleanProperty(name = "vachub.streams.enabled", matchIfMissing = true)
@EnableConfigurationProperties({StreamsProperties.class, RebalanceProperties.class})
@Import({
  ActiveStreams.class,
  ActiveStreamsInterceptor.class,
  Connections.class,
  FleetView.class,
  LoadReports.class,
  ThisPod.class
})
public final class StreamsAutoConfiguration {}
