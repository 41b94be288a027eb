/**
 * The starters that can host the gRPC server, one package each: what the rooms have for the server
 * is given to the starter, and the rooms get what the starter has. Nobody else names a starter.
 */
package io.vachub.starter;
