/** The differences between two reports, and which of them are regressions. */
package io.vachub.loadtest.compare;
