/** What is known when a load is over, as text, JSON, CSV and HTML. */
package io.vachub.loadtest.report;
