/** The service's own counters, to compare with the account. */
package io.vachub.loadtest.counters;
