/** The conditions that a user sets for a report, and whether they hold. */
package io.vachub.loadtest.assertion;
