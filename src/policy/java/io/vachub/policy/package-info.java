/**
 * The decisions of a pod, as plain arithmetic: when to hand a stream off, how many streams to shed,
 * which to refuse, how to spread a drain. Without Spring, gRPC or a clock, so that the load
 * tester's simulation uses the same classes.
 */
package io.vachub.policy;
