/** The command line: options, error messages, exit codes, Ctrl-C. */
package io.vachub.loadtest.command;
