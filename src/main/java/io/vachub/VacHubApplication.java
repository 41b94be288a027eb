package io.vachub;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service: a gRPC server on port 50051, its metrics and health on port 9464. */
@SpringBootApplication
public class VacHubApplication {

  public static void main(String[] args) {
    Sigterm.exitsWith(0);
    SpringApplication.run(VacHubApplication.class, args);
  }
}
