package io.vachub;

import java.security.Security;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service: a gRPC server on port 50051, its metrics and health on port 9464. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class VacHubApplication {

  /** How long an address is remembered: short enough to see a scale-out within one interval. */
  private static final String DNS_CACHE_SECONDS = "5";

  public static void main(String[] args) {
    Security.setProperty("networkaddress.cache.ttl", DNS_CACHE_SECONDS);
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
    Sigterm.exitsWith(0);
    SpringApplication.run(VacHubApplication.class, args);
  }
}
