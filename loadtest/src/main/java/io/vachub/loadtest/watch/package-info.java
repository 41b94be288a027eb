/** The running pods: their metrics pages, read again and again. */
package io.vachub.loadtest.watch;
