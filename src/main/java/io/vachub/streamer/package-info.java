/** The RPCs: the business code, to be replaced with your own. */
package io.vachub.streamer;
