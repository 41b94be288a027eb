/** What is known when a load is over, what is wrong with it, and how it is written and read. */
package io.vachub.loadtest.report;
