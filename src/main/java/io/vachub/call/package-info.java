/**
 * What is common to the calls of all services: which are application calls, the chain of
 * interceptors, and the settings of the gRPC server, whichever starter starts it.
 */
package io.vachub.call;
