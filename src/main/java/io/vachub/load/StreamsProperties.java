package io.vachub.load;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What one pod takes on.
 *
 * @param maxActive application calls open at once, above which a new one is refused; 0 for no limit
 */
@ConfigurationProperties("vachub.streams")
record StreamsProperties(@DefaultValue("0") int maxActive) {

  StreamsProperties {
    if (maxActive < 0) {
      throw new InvalidConfigurationPropertyValueException(
          "vachub.streams.max-active", maxActive, "0 for no limit, or more");
    }
  }
}
