/** Kubernetes' HorizontalPodAutoscaler as arithmetic, without a clock or a cluster. */
package io.vachub.loadtest.autoscale;
