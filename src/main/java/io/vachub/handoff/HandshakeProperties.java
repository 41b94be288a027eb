package io.vachub.handoff;

import io.vachub.call.PropertyBounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The one limit of connections on which handoffs rely, and which is set for them even with {@code
 * vachub.server.enabled=false}.
 *
 * @param handshakeTimeout how long a connection may take until the client's HTTP/2 settings arrive
 */
@ConfigurationProperties("vachub.server")
record HandshakeProperties(@DefaultValue("10s") Duration handshakeTimeout) {

  HandshakeProperties {
    new PropertyBounds("vachub.server.").positive("handshake-timeout", handshakeTimeout);
  }
}
