/** The target of a load, TLS, and the threads of the connections. */
package io.vachub.loadtest.connection;
