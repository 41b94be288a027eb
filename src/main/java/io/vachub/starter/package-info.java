/**
 * The starters that can host the gRPC server, one package each, which connects the starter with the
 * rest of vac-hub. No other package names a starter.
 */
package io.vachub.starter;
