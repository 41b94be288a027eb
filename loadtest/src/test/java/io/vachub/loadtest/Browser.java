package io.vachub.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real Chromium without a window. */
public final class Browser {

  private Browser() {}

  /** The page as its scripts have made it. Nothing may have been written to its console. */
  public static String dom(Path directory, URI page, String... options) throws Exception {
    Path dom = directory.resolve("dom.html");
    Path log = directory.resolve("log.txt");
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("--dump-dom", page.toString()));
    Process browser = start(directory, dom, log, arguments);

    assertThat(browser.waitFor(3, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    return Files.readString(dom);
  }

  /**
   * Waits until an expression is true in a page that goes on living. It is evaluated in the page's
   * own scope: what it declares there takes the place of the page's.
   */
  public static void awaitTrue(Path directory, URI page, String expression) throws Exception {
    Path log = directory.resolve("log.txt");
    Process browser =
        start(
            directory,
            directory.resolve("out.txt"),
            log,
            List.of("--remote-debugging-port=0", page.toString()));
    HttpClient http = HttpClient.newHttpClient();
    try {
      Pattern listening = Pattern.compile("DevTools listening on ws://([^/]+)/");
      await()
          .atMost(1, TimeUnit.MINUTES)
          .until(() -> listening.matcher(Files.readString(log)).find());
      Matcher found = listening.matcher(Files.readString(log));
      assertThat(found.find()).isTrue();
      URI targets = URI.create("http://" + found.group(1) + "/json/list");
      JsonObject tab =
          await()
              .atMost(1, TimeUnit.MINUTES)
              .until(() -> tab(http, targets, page), Optional::isPresent)
              .orElseThrow();
      Answers answers = new Answers();
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(tab.get("webSocketDebuggerUrl").getAsString()), answers)
              .join();
      JsonObject evaluate =
          JsonParser.parseString("{id: 1, method: 'Runtime.evaluate', params: {}}")
              .getAsJsonObject();
      evaluate.getAsJsonObject("params").addProperty("expression", expression);
      await(expression)
          .atMost(1, TimeUnit.MINUTES)
          .until(
              () -> {
                socket.sendText(evaluate.toString(), true).join();
                String answer = answers.texts.poll(10, TimeUnit.SECONDS);
                return answer != null && answer.contains("\"value\":true");
              });
      assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    } finally {
      browser.destroy();
      browser.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static Optional<JsonObject> tab(HttpClient http, URI targets, URI page) throws Exception {
    String list =
        http.send(HttpRequest.newBuilder(targets).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return JsonParser.parseString(list).getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(tab -> tab.get("url").getAsString().equals(page.toString()))
        .findFirst();
  }

  private static Process start(Path directory, Path out, Path log, List<String> arguments)
      throws Exception {
    Optional<Path> chromium =
        Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeThat(chromium).as("a Chromium to draw the report with").isPresent();
    List<String> command =
        new ArrayList<>(
            List.of(
                chromium.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"),
                "--enable-logging=stderr"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(log.toFile())
        .start();
  }

  /** What the browser answers, message by message. */
  private static final class Answers implements WebSocket.Listener {

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
