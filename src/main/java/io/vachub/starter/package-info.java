/** The starter that hosts the gRPC server, net.devh's. Nobody else names it. */
package io.vachub.starter;
