package io.vachub.handoff;

import io.vachub.streams.StreamsAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * Ends streams well: by age, for balance, at shutdown. With {@code vachub.handoff.enabled=false}
 * they are still watched, and how they end is counted.
 */
@AutoConfiguration(after = StreamsAutoConfiguration.class)
@EnableConfigurationProperties({HandoffProperties.class, HandshakeProperties.class})
@Import({
  CallWheel.class,
  Endings.class,
  ForcedClose.class,
  HandoffConfiguration.class,
  HandoffInterceptor.class,
  OpenCalls.class,
  Rebalancer.class
})
public final class HandoffAutoConfiguration {}
