package io.vachub.loadtest.web;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import io.vachub.loadtest.measure.Sample;
import io.vachub.loadtest.report.HtmlReport;
import io.vachub.loadtest.report.SeriesJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The report of a running load as a page that is updated by server-sent events. Each event has the
 * current report, and the part of the series that the page does not have yet.
 */
public final class LivePage {

  /** How long the last event may take to reach the open pages. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final HtmlReport.Kind kind;
  private final AtomicInteger watchers = new AtomicInteger();
  private final CountDownLatch first = new CountDownLatch(1);
  private State state;

  private record State(JsonObject report, List<Sample> series, boolean over) {}

  /** A page of this kind, served as / by this server. */
  public LivePage(HtmlReport.Kind kind, WebServer server) {
    this.kind = kind;
    server.serve("/", this::page);
    server.serve("/events", this::events);
  }

  /** Shows this report, without its series, and this series. */
  public synchronized void publish(JsonObject report, List<Sample> series) {
    state = new State(report, series, false);
    first.countDown();
    notifyAll();
  }

  /** Shows the last report, and waits a short time until all open pages have it. */
  public synchronized void end(JsonObject report, List<Sample> series) throws InterruptedException {
    state = new State(report, series, true);
    first.countDown();
    notifyAll();
    long end = System.nanoTime() + FAREWELL.toNanos();
    for (long left; watchers.get() > 0 && (left = end - System.nanoTime()) > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private void page(HttpExchange exchange) throws IOException {
    State now = await(null);
    WebServer.answer(exchange, 200, "text/html", HtmlReport.write(kind, json(now, -1)));
  }

  private void events(HttpExchange exchange) throws IOException {
    double seen = seen(exchange);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    watchers.incrementAndGet();
    try (OutputStream out = exchange.getResponseBody()) {
      State now = null;
      do {
        now = await(now);
        double last = SeriesJson.lastSecond(now.series());
        String event = "id: %s\ndata: %s\n\n".formatted(last, json(now, seen));
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
        seen = last;
      } while (!now.over());
    } finally {
      watchers.decrementAndGet();
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** The next state after this one. */
  private State await(State seen) throws IOException {
    try {
      first.await();
      synchronized (this) {
        while (state == seen) {
          wait();
        }
        return state;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the load tester is ending", e);
    }
  }

  /** The last second of the series that the page has. */
  private static double seen(HttpExchange exchange) {
    String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    String query = exchange.getRequestURI().getQuery();
    String text = id != null ? id : query == null ? "" : query.replaceFirst("^after=", "");
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String json(State now, double after) {
    JsonObject json = now.report().deepCopy();
    json.addProperty("live", !now.over());
    json.add("series", SeriesJson.tree(now.series(), after));
    return new Gson().toJson(json);
  }
}
