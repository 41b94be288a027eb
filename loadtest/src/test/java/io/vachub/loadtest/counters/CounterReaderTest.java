package io.vachub.loadtest.counters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import io.vachub.loadtest.connection.SetupException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterReaderTest {

  private HttpServer server;
  private volatile String text = "";

  @BeforeEach
  void startServer() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/actuator/prometheus",
        exchange -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  @Test
  void aBookIsWhatAllSeriesOfTheCounterRoseBy() throws Exception {
    text =
        """
        # TYPE seen_total counter
        seen_total{path="/a b}\\" 7",x="1"} 10.0
        seen_total{path="/b"} 1.5E1 1700000000
        seen_total_other 900
        """;
    try (CounterReader reader = open(url(), "seen_total")) {
      text = text.replace("10.0", "110.0").replace("1.5E1", "16");

      assertThat(reader.finish())
          .isEqualTo(
              new CounterIncrease(
                  "seen_total",
                  List.of(new CounterIncrease.Page(url(), 25, 126, 101, true, false))));
    }
  }

  @Test
  void aCounterThatIsNotThereYetBeginsAtZeroAndOneThatFellBeganAnew() throws Exception {
    try (CounterReader reader = open(url(), "seen_total")) {
      text = "seen_total 40\n";
      assertThat(reader.finish().total()).isEqualTo(40);
      text = "seen_total 5\n";
      assertThat(reader.finish().total()).isEqualTo(45);
    }
  }

  @Test
  void aPageThatWentAwayIsSaid() throws Exception {
    text = "seen_total 1\n";
    try (CounterReader reader = open(url(), "seen_total")) {
      server.stop(0);

      assertThat(reader.finish().pages()).allMatch(CounterIncrease.Page::gone);
      assertThat(reader.finish().complete()).isFalse();
    }
  }

  @Test
  void aCounterThatIsOnNoPageIsSaid() throws Exception {
    text = "other_total 1\n";
    try (CounterReader reader = open(url(), "seen_total")) {
      assertThat(reader.finish().found()).isFalse();
    }
  }

  @Test
  void aNameStandsForThePagesOfItsAddresses() throws Exception {
    text = "seen_total 1\n";
    try (CounterReader reader = open("127.0.0.1:" + server.getAddress().getPort(), "seen_total")) {
      assertThat(reader.finish().pages())
          .extracting(CounterIncrease.Page::url)
          .containsExactly(url());
    }
  }

  @Test
  void aPageThatDoesNotAnswerIsSaidBeforeTheLoad() {
    String missing = url().replace("prometheus", "missing");
    assertThatExceptionOfType(SetupException.class)
        .isThrownBy(() -> open(missing, "seen_total"))
        .withMessage(
            "--counters: %s: answers 404 (expected: a metrics page in Prometheus' format)",
            missing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "name", "http://", "name:port", "ftp://a:1/b"})
  void refusesWhatIsNoPlace(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CounterSource.parse(text))
        .withMessage(CounterSource.EXPECTED);
  }

  private static CounterReader open(String source, String counter) throws Exception {
    return CounterReader.open(List.of(CounterSource.parse(source)), counter);
  }

  private String url() {
    return "http://127.0.0.1:%d/actuator/prometheus".formatted(server.getAddress().getPort());
  }
}
