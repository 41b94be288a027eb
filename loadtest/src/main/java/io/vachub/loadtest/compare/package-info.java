/** The differences of two reports, and which of them are for the worse. */
package io.vachub.loadtest.compare;
