/**
 * What a pod decides, as plain arithmetic: when a stream is due, how many to shed, whom to refuse,
 * how a drain is paced. Without Spring, gRPC or a clock, so that the load tester's simulation
 * decides by the same classes.
 */
package io.vachub.policy;
