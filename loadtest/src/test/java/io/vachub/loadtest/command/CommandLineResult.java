package io.vachub.loadtest.command;

import io.vachub.loadtest.LoadTest;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command line printed and ended with. */
record CommandLineResult(int exitCode, String out, String err) {

  static CommandLineResult of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        LoadTest.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new CommandLineResult(exitCode, out.toString(), err.toString());
  }
}
