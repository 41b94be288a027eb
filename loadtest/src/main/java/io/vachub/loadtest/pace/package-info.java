/** When messages are to leave: an absolute schedule, and the wheel that keeps it. */
package io.vachub.loadtest.pace;
