/**
 * How streams are handed off: by age, for balance, at shutdown. The API is {@link
 * io.vachub.handoff.Handoff}.
 */
package io.vachub.handoff;
