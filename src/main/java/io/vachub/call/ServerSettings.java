package io.vachub.call;

import java.time.Duration;
import java.util.Optional;
import org.springframework.util.unit.DataSize;

/**
 * The settings of the gRPC server that the starter owns and the rooms go by.
 *
 * @param maxConnectionAge after which a connection is asked to go, give or take 10 %
 * @param maxConnectionAgeGrace after which it is then closed by force
 * @param keepAliveTimeout how long a peer may leave a question unanswered
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
