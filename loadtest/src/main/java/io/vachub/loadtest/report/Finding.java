package io.vachub.loadtest.report;

/**
 * A flaw that a load has.
 *
 * @param flaw which
 * @param allowed whether the user allows it
 * @param sentence how much of it, and what the server said
 */
public record Finding(Flaw flaw, boolean allowed, String sentence) {}
