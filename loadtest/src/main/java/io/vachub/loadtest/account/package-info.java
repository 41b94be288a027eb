/** What became of the messages: settled stream by stream, summed up for the load. */
package io.vachub.loadtest.account;
