/** How busy this pod and its peers are, and the limit that keeps it from being overrun. */
package io.vachub.streams;
