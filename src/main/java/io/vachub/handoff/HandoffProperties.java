package io.vachub.handoff;

import io.vachub.call.PropertyBounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When streams are handed off by age.
 *
 * @param enabled whether streams are handed off at all
 * @param silentClients what happens to the streams of clients that do not accept handoffs: `leave`,
 *     they are ended only where they would be cut, by their connection's age or a shutdown; `move`,
 *     they are ended like those of any client, for age and balance too
 * @param maxStreamAge the age, give or take 10 %, at which a stream is handed off; 0: no limit
 * @param margin how long before its connection is closed by force a stream must be over
 */
@ConfigurationProperties("vachub.handoff")
public record HandoffProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("leave") SilentClients silentClients,
    @DefaultValue("20m") Duration maxStreamAge,
    @DefaultValue("5s") Duration margin) {

  /** What happens to the streams of clients that do not accept handoffs. */
  public enum SilentClients {
    /**
     * They are ended like those of any client: for age, for balance, and where they would be cut.
     */
    MOVE,
    /** They are ended only where they would be cut: by their connection's age or by a shutdown. */
    LEAVE
  }

  public HandoffProperties {
    PropertyBounds bounds = new PropertyBounds("vachub.handoff.");
    bounds.require(
        !maxStreamAge.isNegative(), "max-stream-age", maxStreamAge, "0 for no limit, or more");
    bounds.notNegative("margin", margin);
  }
}
