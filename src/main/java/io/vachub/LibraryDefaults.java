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
 * it, and shorter DNS caching in this JVM, each only where the application sets nothing itself.
 */
class LibraryDefaults implements EnvironmentPostProcessor {

  private static final String DNS_CACHE = "networkaddress.cache.ttl";

  /** What the JDK takes instead where the other is not set. */
  private static final String OLD_DNS_CACHE = "sun.net.inetaddr.ttl";

  /** How long an address is remembered: short enough to see a scale-out within one interval. */
  private static final String DNS_CACHE_SECONDS = "5";

  private static final String NEGATIVE_DNS_CACHE = "networkaddress.cache.negative.ttl";

  /** How long the JDK remembers that a name has no address, where nobody has set it. */
  private static final String JDK_NEGATIVE_SECONDS = "10";

  private static final String NEGATIVE_DNS_CACHE_SECONDS = "1";

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
    if (Security.getProperty(DNS_CACHE) == null && System.getProperty(OLD_DNS_CACHE) == null) {
      Security.setProperty(DNS_CACHE, DNS_CACHE_SECONDS);
    }
    if (JDK_NEGATIVE_SECONDS.equals(Security.getProperty(NEGATIVE_DNS_CACHE))) {
      Security.setProperty(NEGATIVE_DNS_CACHE, NEGATIVE_DNS_CACHE_SECONDS);
    }
  }
}
