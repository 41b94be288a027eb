/**
 * What all calls have in common, whatever their service: which are application calls, their way
 * through the house, and the gRPC server that they come by, whichever starter brings it.
 */
package io.vachub.call;
