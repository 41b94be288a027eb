/**
 * What is common to the calls of all services: which are application calls, the chain of
 * interceptors, and the settings of the gRPC server, whichever starter starts it; and how a
 * property that cannot work is rejected.
 */
package io.vachub.call;
