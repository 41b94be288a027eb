package io.vachub.loadtest.simulation;

import java.util.OptionalInt;

/**
 * A step of the load or a pod that joins, and how long the fleet took to settle: until it has the
 * pods that it needs, and until these are even.
 *
 * @param second when it was
 * @param planned streams that should be open from then on
 * @param enough seconds until so many pods serve that the autoscaler wants no more; empty if never
 *     before the next step
 * @param even seconds until they are even as well; empty if never before the next step
 */
public record Step(int second, int planned, OptionalInt enough, OptionalInt even) {}
