package io.vachub.loadtest;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** A pod's metrics page, on a port of its own, with numbers that a test sets. */
public final class MetricsServer implements AutoCloseable {

  private final HttpServer server;
  private final AtomicLong reads = new AtomicLong();
  private volatile long streams;
  private volatile long messages;
  private volatile long perRead;
  private volatile String more = "";

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /** Answers on this address; port 0 is any that is free. */
  public static MetricsServer start(String address, int port) throws IOException {
    HttpServer http = HttpServer.create(new InetSocketAddress(address, port), 0);
    MetricsServer server = new MetricsServer(http);
    http.createContext(
        "/actuator/prometheus",
        exchange -> {
          server.reads.incrementAndGet();
          server.messages += server.perRead;
          byte[] page =
              """
              # TYPE grpc_server_active_streams gauge
              grpc_server_active_streams %d.0
              grpc_server_connections 2.0
              # TYPE app_message_processed_count_total counter
              app_message_processed_count_total %d.0
              %s
              """
                  .formatted(server.streams, server.messages, server.more)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    http.start();
    return server;
  }

  public MetricsServer streams(long now) {
    streams = now;
    return this;
  }

  public MetricsServer messages(long now) {
    messages = now;
    return this;
  }

  /** From now on so many messages more each time that the page is read. */
  public MetricsServer messagesPerRead(long more) {
    perRead = more;
    return this;
  }

  /** Lines that stand on the page as well. */
  public MetricsServer more(String lines) {
    more = lines;
    return this;
  }

  public long reads() {
    return reads.get();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String address() {
    return server.getAddress().getHostString() + ":" + port();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
