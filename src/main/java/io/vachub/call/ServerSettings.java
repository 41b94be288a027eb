package io.vachub.call;

import java.time.Duration;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the gRPC server that the starter reads and other packages use.
 *
 * @param maxConnectionAge the age, give or take 10 %, at which a connection gets a GOAWAY
 * @param maxConnectionAgeGrace how long after that it is closed by force
 * @param keepAliveTimeout how long a peer may leave a ping unanswered
 * @param maxInboundMetadataSize of the headers of one call
 * @param maxInboundMetadataSizeProperty the starter's property for it, for messages
 * @param shutdownGrace how long a shutdown may take; negative: as long as it takes
 */
public record ServerSettings(
    Optional<Duration> maxConnectionAge,
    Optional<Duration> maxConnectionAgeGrace,
    Duration keepAliveTimeout,
    DataSize maxInboundMetadataSize,
    String maxInboundMetadataSizeProperty,
    Duration shutdownGrace) {}
