/** Spring Boot's own {@code spring-boot-starter-grpc-server}. */
package io.vachub.starter.boot;
