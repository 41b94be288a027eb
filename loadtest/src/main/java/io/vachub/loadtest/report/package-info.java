/** The result of a load, its flaws, and how it is written and read. */
package io.vachub.loadtest.report;
