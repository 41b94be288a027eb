/** What a load calls: the method, the messages that it sends, and the count that it is answered. */
package io.vachub.loadtest.call;
