/** How the number of a pod's streams reaches the autoscaler, and how old it is by then. */
package io.vachub.loadtest.pipeline;
