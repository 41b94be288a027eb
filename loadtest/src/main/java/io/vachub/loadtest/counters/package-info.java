/** The second book: what the service's own counters say. */
package io.vachub.loadtest.counters;
