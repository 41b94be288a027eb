/** The metrics of a running load: scraped by Prometheus, and pushed by OTLP. */
package io.vachub.loadtest.telemetry;
