/** The simulation of a fleet: its clock, settings, events and result. */
package io.vachub.loadtest.simulation;
