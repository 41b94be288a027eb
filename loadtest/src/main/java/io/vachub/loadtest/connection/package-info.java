/** Where a load goes, how the way there is secured, and the threads that carry it. */
package io.vachub.loadtest.connection;
