/** A simulated fleet: its pods, streams and connections, and the balancer in front of it. */
package io.vachub.loadtest.fleet;
