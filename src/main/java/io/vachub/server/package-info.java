/** The gRPC server around the calls: limits, TLS, health, the pod's name, the way it shuts down. */
package io.vachub.server;
