/** When messages should be sent: an absolute schedule, and the timing wheel that keeps it. */
package io.vachub.loadtest.pace;
