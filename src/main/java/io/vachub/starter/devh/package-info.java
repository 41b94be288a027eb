/** net.devh's {@code grpc-server-spring-boot-starter}. */
package io.vachub.starter.devh;
