/** What a user asks of a report, and whether it holds. */
package io.vachub.loadtest.assertion;
