/** The fleet as it is: what the metrics pages of its pods tell, read again and again. */
package io.vachub.loadtest.watch;
