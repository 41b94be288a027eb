package io.vachub.server;

import io.vachub.call.PropertyBounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pace of a shutdown, within {@code grpc.server.shutdown-grace-period}.
 *
 * @param quietPeriod the first part of a shutdown: health is NOT_SERVING, so that load balancers
 *     notice; clients that accept handoffs are refused, others are still served
 * @param spread the handoffs that follow are spread over this time
 * @param scrapeWait how long a pod whose metrics were being scraped then waits, at most, for one
 *     more scrape, so that its last counts are seen; 0: not at all
 */
@ConfigurationProperties("vachub.drain")
public record DrainProperties(
    @DefaultValue("5s") Duration quietPeriod,
    @DefaultValue("15s") Duration spread,
    @DefaultValue("20s") Duration scrapeWait) {

  public DrainProperties {
    PropertyBounds bounds = new PropertyBounds("vachub.drain.");
    bounds.notNegative("quiet-period", quietPeriod);
    bounds.notNegative("spread", spread);
    bounds.notNegative("scrape-wait", scrapeWait);
  }
}
