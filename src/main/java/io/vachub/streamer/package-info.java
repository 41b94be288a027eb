/** The RPCs: the business code, which a team replaces with its own. */
package io.vachub.streamer;
