/** OpenTelemetry and Micrometer on one Prometheus page; traces; log lines that carry them. */
package io.vachub.telemetry;
