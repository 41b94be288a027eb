package io.vachub.starter.boot;

import io.vachub.server.ServerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerServicesAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Adds vac-hub to Spring Boot's own starter, where that alone is on the class path. */
@AutoConfiguration(
    after = ServerAutoConfiguration.class,
    before = GrpcServerServicesAutoConfiguration.class)
@ConditionalOnClass(GrpcServerServicesAutoConfiguration.class)
@ConditionalOnMissingClass("net.devh.boot.grpc.server.autoconfigure.GrpcServerAutoConfiguration")
@EnableConfigurationProperties(GrpcServerProperties.class)
@Import({PreparingConfigurer.class, SettingsCheck.class, Starter.class})
public final class BootStarterAutoConfiguration {}
