/** A fleet played through in simulated time: the clock, the settings, what happens, the result. */
package io.vachub.loadtest.simulation;
