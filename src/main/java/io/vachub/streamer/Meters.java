package io.vachub.streamer;

import io.micrometer.core.instrument.Counter;
import io.vachub.streams.ActiveStreams;

/**
 * What all streams are counted in, so that each keeps one reference to it.
 *
 * @param messages the messages of all streams
 */
record Meters(Counter messages, ActiveStreams activeStreams) {}
