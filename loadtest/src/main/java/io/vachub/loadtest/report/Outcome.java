package io.vachub.loadtest.report;

/**
 * The result of one assertion.
 *
 * @param assertion as the user wrote it
 * @param passed whether it held
 * @param message the value and, where it did not hold, by how much
 */
public record Outcome(String assertion, boolean passed, String message) {}
