/** Kubernetes' HorizontalPodAutoscaler, as pure arithmetic. */
package io.vachub.loadtest.autoscale;
