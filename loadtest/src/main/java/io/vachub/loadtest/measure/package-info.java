/** Counting and timing while a load runs: a meter for each event loop, sampled into a series. */
package io.vachub.loadtest.measure;
