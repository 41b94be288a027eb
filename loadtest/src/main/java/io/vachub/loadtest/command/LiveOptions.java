package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.ListenAddress;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.web.LivePage;
import io.vachub.loadtest.web.WebServer;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The live page of a running command. */
final class LiveOptions {

  @Option(
      names = "--web",
      paramLabel = "PORT",
      converter = Parsed.AsListenAddress.class,
      description =
          "Serves the live report at http://127.0.0.1:PORT; put an address before the"
              + " port to make it reachable from other machines, such as 0.0.0.0:8080.")
  private ListenAddress web;

  /** A live page and its server. */
  record Live(WebServer server, LivePage page) implements AutoCloseable {

    @Override
    public void close() {
      server.close();
    }
  }

  /** Opens the page, if one is asked for, and says where it is. */
  Optional<Live> open(HtmlReport.Kind kind, PrintWriter out) throws SetupException {
    if (web == null) {
      return Optional.empty();
    }
    WebServer server = WebServer.start("--web", web);
    LivePage page = new LivePage(kind, server);
    out.println("live report at " + server.url("/"));
    out.flush();
    return Optional.of(new Live(server, page));
  }
}
