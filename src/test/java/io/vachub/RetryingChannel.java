package io.vachub;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import java.util.List;
import java.util.Map;

/** A channel on which gRPC itself repeats calls (gRFC A6), soon. */
public final class RetryingChannel {

  private RetryingChannel() {}

  public static ManagedChannel to(int port, int maxAttempts, Status.Code retryable) {
    Map<String, Object> policy =
        Map.of(
            "maxAttempts",
            (double) maxAttempts,
            "initialBackoff",
            "0.01s",
            "maxBackoff",
            "0.01s",
            "backoffMultiplier",
            1.0,
            "retryableStatusCodes",
            List.of(retryable.name()));
    return ManagedChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .enableRetry()
        .defaultServiceConfig(
            Map.of(
                "methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy))))
        .build();
  }
}
