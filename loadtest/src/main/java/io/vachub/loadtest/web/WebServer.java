package io.vachub.loadtest.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.vachub.loadtest.connection.ListenAddress;
import io.vachub.loadtest.connection.SetupException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server for the live page and metrics. It only answers GET. */
public final class WebServer implements AutoCloseable {

  private final HttpServer server;
  private final ListenAddress address;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "web");
            thread.setDaemon(true);
            return thread;
          });

  private WebServer(HttpServer server, ListenAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Listens.
   *
   * @param option the option that asked for it, for the message
   * @throws SetupException if the address or the port cannot be had
   */
  public static WebServer start(String option, ListenAddress address) throws SetupException {
    try {
      WebServer web = new WebServer(HttpServer.create(address.socket(), 0), address);
      web.server.setExecutor(web.threads);
      web.server.start();
      return web;
    } catch (IOException | RuntimeException e) {
      throw new SetupException(
          "%s: %s: %s (expected: an address of this machine and a free port)"
              .formatted(option, address, e.getMessage()));
    }
  }

  /** Answers exactly this path. */
  public void serve(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(path)) {
              answer(exchange, 404, "text/plain", "404: " + path + " is here\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
              answer(exchange, 405, "text/plain", "405: GET only\n");
            } else {
              handler.handle(exchange);
            }
          }
        });
  }

  /** Where it listens, for a browser on this machine. */
  public String url(String path) {
    InetSocketAddress bound = server.getAddress();
    String host = bound.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.host();
    return "http://%s:%d%s".formatted(host, bound.getPort(), path);
  }

  /** Answers with a text in UTF-8. */
  static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
