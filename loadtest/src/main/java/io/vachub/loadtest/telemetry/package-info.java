/** The metrics of a load while it runs: for Prometheus, which asks, and for OTLP, which is told. */
package io.vachub.loadtest.telemetry;
