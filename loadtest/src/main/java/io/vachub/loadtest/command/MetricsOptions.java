package io.vachub.loadtest.command;

import io.vachub.loadtest.connection.ListenAddress;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.measure.Sampler;
import io.vachub.loadtest.telemetry.LiveMetrics;
import io.vachub.loadtest.web.WebServer;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a load's metrics are published while it runs. */
final class MetricsOptions {

  private static final String PATH = "/metrics";

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      converter = Parsed.AsListenAddress.class,
      description =
          "Shows the load's metrics to Prometheus at http://127.0.0.1:PORT/metrics; for other"
              + " machines with an address before the port. --web PORT shows them as well.")
  private ListenAddress port;

  @Option(
      names = "--otlp",
      paramLabel = "URL",
      converter = Parsed.AsOtlpEndpoint.class,
      description =
          "Pushes the load's metrics by OTLP to a collector, such as http://127.0.0.1:4318; the"
              + " same as OTEL_EXPORTER_OTLP_ENDPOINT. The environment's other OTEL_ variables hold.")
  private URI otlp;

  /** The metrics of one load, for those who asked for them. */
  interface Shown extends AutoCloseable {

    void publish(Sample sample, Sampler sampler);

    @Override
    void close();
  }

  /** Nobody asked. Apart from the other, so that a JVM without an HTTP server can run a load. */
  private static final class Nowhere implements Shown {

    @Override
    public void publish(Sample sample, Sampler sampler) {}

    @Override
    public void close() {}
  }

  /**
   * With the server of its own that a load's metrics may have.
   *
   * @param err where it is said that metrics could not be pushed
   */
  private record Somewhere(LiveMetrics metrics, Optional<WebServer> server, PrintWriter err)
      implements Shown {

    @Override
    public void publish(Sample sample, Sampler sampler) {
      metrics.publish(sample, sampler.counts(), sampler.totals());
    }

    /** Pushes the last values, and reports errors. */
    @Override
    public void close() {
      server.ifPresent(WebServer::close);
      metrics.end().ifPresent(err::println);
      err.flush();
    }
  }

  /**
   * Shows metrics to those who asked for them, and says where they are.
   *
   * @param web the server of the live page, if there is one
   * @param err where it is said that metrics could not be pushed
   */
  Shown open(Optional<WebServer> web, PrintWriter out, PrintWriter err) throws SetupException {
    boolean pushed = otlp != null || isPushedByEnvironment();
    if (port == null && web.isEmpty() && !pushed) {
      return new Nowhere();
    }
    Optional<WebServer> own =
        port == null ? Optional.empty() : Optional.of(WebServer.start("--metrics-port", port));
    LiveMetrics metrics =
        pushed ? LiveMetrics.pushed(Optional.ofNullable(otlp)) : LiveMetrics.onPage();
    web.ifPresent(server -> server.serve(PATH, metrics.page()));
    own.ifPresent(
        server -> {
          server.serve(PATH, metrics.page());
          out.println("metrics at " + server.url(PATH));
          out.flush();
        });
    return new Somewhere(metrics, own, err);
  }

  /**
   * Whether the environment asks for metrics to be pushed. Here and not in {@link LiveMetrics},
   * which needs the JDK's HTTP server.
   */
  private static boolean isPushedByEnvironment() {
    return System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != null
        || System.getenv("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") != null;
  }
}
