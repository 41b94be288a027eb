package io.vachub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Security;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.ResourcePropertySource;

/**
 * What vac-hub needs of Spring Boot and OpenTelemetry, as {@code vac-hub-defaults.properties} has
 * it, behind all that an application sets itself.
 */
class LibraryDefaults implements EnvironmentPostProcessor {

  /** How long an address is remembered: short enough to see a scale-out within one interval. */
  private static final String DNS_CACHE_SECONDS = "5";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    try {
      environment
          .getPropertySources()
          .addLast(
              new ResourcePropertySource(
                  "vac-hub-defaults", new ClassPathResource("vac-hub-defaults.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Security.setProperty("networkaddress.cache.ttl", DNS_CACHE_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }
}
