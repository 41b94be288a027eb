/** The streams of a load: how they open, send, end, are handed off, back off and settle. */
package io.vachub.loadtest.stream;
