/**
 * How a stream ends well when the server wants it elsewhere: by age, for balance, at shutdown. The
 * API is {@link io.vachub.handoff.Handoff}.
 */
package io.vachub.handoff;
