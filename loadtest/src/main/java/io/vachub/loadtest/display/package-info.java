/** What is shown while a load runs: a screen on a terminal, lines in a pipe. */
package io.vachub.loadtest.display;
