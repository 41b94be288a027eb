package io.vachub.server;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The pace of a shutdown, within {@code grpc.server.shutdown-grace-period}.
 *
 * @param quietPeriod NOT_SERVING but still accepting, so that routers notice
 * @param spread how long the handoffs are spread over
 */
@ConfigurationProperties("vachub.drain")
record DrainProperties(
    @DefaultValue("5s") Duration quietPeriod, @DefaultValue("15s") Duration spread) {

  DrainProperties {
    if (quietPeriod.isNegative()) {
      throw new InvalidConfigurationPropertyValueException(
          "vachub.drain.quiet-period", quietPeriod, "0 or more");
    }
    if (spread.isNegative()) {
      throw new InvalidConfigurationPropertyValueException(
          "vachub.drain.spread", spread, "0 or more");
    }
  }
}
