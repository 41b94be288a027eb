package io.vachub.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vachub.Jdk;
import io.vachub.PackagedJar;
import io.vachub.RawHttp2;
import io.vachub.proto.TextRequest;
import io.vachub.server.HostileHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What hostile clients do to the packaged service with its defaults, and to {@link BareServer},
 * each with the flags of the image in a container of 1 GiB: the table of "Hostile clients", in
 * target/attacks.md. Only with {@code -Pproof}, on Linux.
 */
@EnabledIfSystemProperty(named = "vachub.proof.long", matches = "true")
class AttackIT {

  private static final String PROCESS = "streaming.Streamer/ProcessTextStream";
  private static final String ACKNOWLEDGE = "streaming.Streamer/AcknowledgeTextStream";

  private static final String LONG = "x".repeat(7_000);

  private static final long CONTAINER_MIB = 1_024;
  private static final int BYTES = 230_000;

  private static final List<String> table = new ArrayList<>();
  private static Cgroup container;
  private static String limit;

  /** What came of it. */
  private record Outcome(String figure, String neighbour, boolean lives, boolean serves, long mib) {

    @Override
    public String toString() {
      String result = figure.isEmpty() ? "" : figure + "; ";
      if (!lives) {
        return result + "**it dies**";
      }
      String newcomer = serves ? "" : "; a new stream is **not served**";
      return result + "neighbour: " + neighbour + newcomer + "; %,d MiB".formatted(mib);
    }

    void holds() {
      assertThat(lives).isTrue();
      assertThat(serves).isTrue();
      assertThat(neighbour).endsWith(" ms");
      assertThat(mib).isLessThan(CONTAINER_MIB);
    }
  }

  private interface Attack {
    /** What it is to be told by, or nothing; the connections stay open until all is measured. */
    String on(ServerProcess server, List<AutoCloseable> open) throws Exception;
  }

  @BeforeAll
  static void container() {
    Cgroup.memory(CONTAINER_MIB << 20).ifPresent(group -> container = group);
    limit =
        container == null
            ? "no cgroup can be made here, so with -XX:MaxRAM=1g"
            : "in a cgroup of 1 GiB, which ends a process that takes more";
    if (container == null) {
      container = Cgroup.NONE;
    }
    table.add("Each server " + limit + ".");
    table.add("");
    table.add("| attack | vac-hub | bare grpc-java |");
    table.add("|---|---|---|");
  }

  @AfterAll
  static void publish() throws IOException {
    Files.write(Path.of("target", "attacks.md"), table);
  }

  private static Contender contender(boolean bare) throws IOException {
    List<String> flags = new ArrayList<>(JvmFlags.ofImage());
    flags.add("-XX:MaxRAM=1g");
    if (bare) {
      return Contender.bare("ordinary", flags);
    }
    List<String> command = new ArrayList<>(List.of(Jdk.command("java")));
    command.addAll(flags);
    command.addAll(List.of("-jar", PackagedJar.path().toString()));
    command.add("--grpc.server.port=" + Contender.GRPC_PORT);
    command.add("--server.port=" + Contender.HTTP_PORT);
    return new Contender("attacked", command);
  }

  private static Outcome outcome(boolean bare, Attack attack) throws Exception {
    List<AutoCloseable> open = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(contender(bare), container);
        Neighbour neighbour = Neighbour.of(server.grpcPort())) {
      String figure = attack.on(server, open);
      String account = neighbour.account();
      boolean serves = server.isAlive() && Neighbour.isServed(server.grpcPort());
      boolean lives = server.isAlive();
      return new Outcome(figure, account, lives, serves, lives ? server.peakMemoryMib() : 0);
    } finally {
      for (AutoCloseable connection : open) {
        connection.close();
      }
    }
  }

  private static Outcome attack(String name, Attack attack) throws Exception {
    Outcome ours = outcome(false, attack);
    row(name, ours, outcome(true, attack));
    ours.holds();
    return ours;
  }

  private static void row(String name, Outcome ours, Object bare) {
    String row = "| %s | %s | %s |".formatted(name, ours, bare);
    System.out.println(row);
    table.add(row);
  }

  private interface Connecting {
    HostileHttp2 to(int port) throws IOException;
  }

  private interface Victim {
    void attack(HostileHttp2 connection) throws IOException, InterruptedException;
  }

  /** Does it on so many connections; on those that are closed meanwhile no more. */
  private static Attack connections(int count, Connecting connecting, Victim victim) {
    return (server, open) -> {
      List<HostileHttp2> connections = new ArrayList<>();
      for (int i = 0; i < count && server.isAlive(); i++) {
        try {
          HostileHttp2 connection = connecting.to(server.grpcPort());
          connections.add(connection);
          open.add(connection);
          victim.attack(connection);
          if (!connection.awaitRead()) {
            return "it reads **no more** after %,d connections".formatted(connections.size());
          }
        } catch (IOException e) {
          // Counted below.
        }
      }
      return ended(connections);
    };
  }

  private static String ended(List<HostileHttp2> connections) {
    long closed = connections.stream().filter(HostileHttp2::isClosed).count();
    int reset = connections.stream().mapToInt(connection -> connection.reset().size()).sum();
    return "%,d streams ended, %,d connections closed".formatted(reset, closed);
  }

  @Test
  void messagesThatNeverEnd() throws Exception {
    byte[] unfinished = HostileHttp2.unfinished(BYTES);
    attack(
        "3,000 messages that begin and never end, 230 KB each, on 10 connections",
        connections(
            10,
            HostileHttp2::new,
            connection -> {
              for (int i = 0; i < 300; i++) {
                connection.data(connection.call(PROCESS), unfinished);
              }
            }));
  }

  @Test
  void streamsThatReadNoAnswerOnFewConnections() throws Exception {
    byte[] messages = HostileHttp2.messages(BYTES / 9);
    attack(
        "3,000 streams that are sent 230 KB of messages each and read no answer, on 10 connections",
        connections(
            10,
            HostileHttp2::deaf,
            connection -> {
              for (int i = 0; i < 300; i++) {
                connection.data(connection.call(ACKNOWLEDGE), messages);
              }
            }));
  }

  @Test
  void streamsThatReadNoAnswerOnManyConnections() throws Exception {
    byte[] messages = HostileHttp2.messages(BYTES / 9);
    attack(
        "3,000 streams that are sent 230 KB of messages each and read no answer, on 3,000"
            + " connections",
        connections(
            3_000,
            HostileHttp2::deaf,
            connection -> connection.data(connection.call(ACKNOWLEDGE), messages)));
  }

  @Test
  void messagesAmidNoise() throws Exception {
    byte[] read = HostileHttp2.messages(384);
    byte[] unread = HostileHttp2.messages(1);
    attack(
        "3,000 streams that read no answer, on 10 connections, each with a message of 9 bytes amid 64 KB"
            + " that is ignored",
        connections(
            10,
            HostileHttp2::deaf,
            connection -> {
              List<Integer> streams = new ArrayList<>();
              for (int i = 0; i < 300; i++) {
                streams.add(connection.call(ACKNOWLEDGE));
                connection.data(streams.get(i), read);
              }
              connection.awaitRead();
              for (int stream : streams) {
                connection.amidNoise(stream, unread);
              }
            }));
  }

  @Test
  void framesThatDoNotEnd() throws Exception {
    attack(
        "3,000 connections with a stream and 12 bytes of a frame, after 256 KB that is ignored",
        (server, open) -> {
          List<HostileHttp2> connections = new ArrayList<>();
          boolean read = true;
          for (int i = 0; i < 3_000 && read; i++) {
            HostileHttp2 connection = new HostileHttp2(server.grpcPort());
            connections.add(connection);
            open.add(connection);
            connection.call(PROCESS);
            read = connection.beginFrame(12) && !connection.isClosed();
          }
          long closed = connections.stream().filter(HostileHttp2::isClosed).count();
          return read
              ? "%,d connections closed".formatted(closed)
              : "it reads **no more** after %,d of them".formatted(connections.size());
        });
  }

  @Test
  void answersThatNobodyReads() throws Exception {
    byte[] messages = HostileHttp2.messages(384);
    attack(
        "9,990 streams that are sent 384 messages each, half-close and read no answer",
        connections(
            10,
            HostileHttp2::deaf,
            connection -> {
              for (int i = 0; i < 999; i++) {
                int stream = connection.call(ACKNOWLEDGE);
                connection.data(stream, messages);
                connection.halfClose(stream);
              }
            }));
  }

  @Test
  void answersToWhatIsNoCall() throws Exception {
    attack(
        "99,900 requests that are none of gRPC's, with a content type of 7 KB, and read no answer",
        connections(
            100,
            HostileHttp2::deaf,
            connection -> {
              for (int i = 0; i < 999; i++) {
                connection.halfClose(connection.request(PROCESS, LONG));
              }
            }));
  }

  @Test
  void headersThatNobodyReads() throws Exception {
    attack(
        "300 connections that read nothing and make 999 calls at once of methods that do not exist,"
            + " with names of 7 KB",
        (server, open) -> {
          for (int i = 0; i < 300 && server.isAlive(); i++) {
            RawHttp2 connection = new RawHttp2(server.grpcPort());
            open.add(connection);
            try {
              connection.calls(999, "no.Such/" + LONG);
            } catch (UncheckedIOException e) {
              // Counted below.
            }
          }
          long closed = open.stream().filter(it -> ((RawHttp2) it).isClosed()).count();
          return "%,d connections closed".formatted(closed);
        });
  }

  @Test
  void headersThatAreRemembered() throws Exception {
    attack(
        "99,900 calls of methods that do not exist, with names of 7 KB, on 4 connections that let"
            + " the server remember 4 GiB of headers",
        connections(
            4,
            HostileHttp2::rememberingHeaders,
            connection -> {
              for (int i = 0; i < 24_975 && !connection.isClosed(); i++) {
                connection.halfClose(connection.call("no.Such/" + LONG + i));
                if (i % 500 == 0) {
                  connection.awaitRead();
                }
              }
            }));
  }

  @Test
  void largeHeadersBesideOthersOfTheConnection() throws Exception {
    String large = "x".repeat(12_000);
    Outcome ours =
        attack(
            "headers of 12 KB, 100 times, beside 100 streams of the same connection",
            (server, open) -> {
              HostileHttp2 shared = new HostileHttp2(server.grpcPort());
              open.add(shared);
              List<Integer> streams = new ArrayList<>();
              for (int i = 0; i < 100; i++) {
                streams.add(shared.call(PROCESS));
              }
              try {
                for (int i = 0; i < 100; i++) {
                  shared.call(PROCESS, "large", large);
                }
                shared.awaitRead();
              } catch (IOException e) {
                // Told below.
              }
              return shared.isClosed() ? "all 100 are **cut**" : "none is cut";
            });
    assertThat(ours.figure()).isEqualTo("none is cut");
  }

  @Test
  void rapidReset() throws Exception {
    attack(
        "100,000 streams reset as soon as they are opened (CVE-2023-44487)",
        (server, open) -> {
          HostileHttp2 attacker = new HostileHttp2(server.grpcPort());
          open.add(attacker);
          try {
            for (int i = 0; i < 100_000; i++) {
              attacker.reset(attacker.call(PROCESS));
            }
            attacker.awaitRead();
          } catch (IOException e) {
            // Closed.
          }
          return attacker.isClosed() ? "its connection is closed" : "all are taken";
        });
  }

  @Test
  void connectionsWithoutEnd() throws Exception {
    Attack attack =
        (server, open) -> {
          connections(12_000, HostileHttp2::new, connection -> {}).on(server, open);
          long kept =
              open.stream().filter(connection -> !((HostileHttp2) connection).isClosed()).count();
          return "%,d stay open".formatted(kept);
        };
    assertThat(attack("12,000 connections without a stream", attack).figure())
        .isEqualTo("9,999 stay open");
  }

  @Test
  void allOfItAtOnce() throws Exception {
    byte[] unfinished = HostileHttp2.unfinished(BYTES);
    byte[] messages = HostileHttp2.messages(250);
    byte[] fewMessages = HostileHttp2.messages(17);
    byte[] littleUnfinished = HostileHttp2.unfinished(3_800);
    attack(
        "9,900 connections, each with a full table of headers and a stream: 240 with 230 KB of a"
            + " message that does not end, 1,160 with 250 answers that are not read, the others with"
            + " 17 answers, 4 KB of a message and 6 KB of a frame",
        (server, open) -> {
          List<HostileHttp2> connections = new ArrayList<>();
          for (int i = 0; i < 9_900 && server.isAlive(); i++) {
            HostileHttp2 connection = HostileHttp2.deaf(server.grpcPort());
            connections.add(connection);
            open.add(connection);
            try {
              int stream = connection.callFillingTable(ACKNOWLEDGE);
              if (i < 240) {
                connection.data(stream, unfinished);
              } else if (i < 1_400) {
                connection.data(stream, messages);
              } else {
                connection.data(stream, fewMessages);
                connection.data(stream, littleUnfinished);
                connection.beginFrameAlone(6_000);
              }
            } catch (IOException e) {
              // Counted below.
            }
          }
          return ended(connections);
        });
  }

  @Test
  void asManyStreamsAsTheDefaultAllows() throws Exception {
    attack(
        "no attack: 9,990 streams of clients that wait",
        (server, open) -> {
          open.add(IdleStreams.open(9_990, server.grpcPort()));
          return "";
        });
  }

  @Test
  void messagesThatAreNone() throws Exception {
    List<Long> kilobytes = new ArrayList<>();
    Attack noMessages =
        connections(
            20,
            HostileHttp2::new,
            connection -> {
              for (int i = 0; i < 1_000; i++) {
                connection.data(connection.call(PROCESS), new byte[] {-1, 0, 0, 0, 0});
              }
            });
    attack(
        "20,000 messages that are none",
        (server, open) -> {
          noMessages.on(server, open);
          Neighbour.isServed(server.grpcPort());
          kilobytes.add(Files.size(server.log()) / 1_000);
          return "%,d KB of log".formatted(kilobytes.get(kilobytes.size() - 1));
        });
    // The service's own line for each stream, and little more.
    assertThat(kilobytes.get(0)).isLessThan(4_000);
  }

  @Test
  void bombs() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      zip.write(
          TextRequest.newBuilder()
              .setMessageBytes(ByteString.copyFrom(new byte[4_000_000]))
              .build()
              .toByteArray());
    }
    byte[] message =
        ByteBuffer.allocate(5 + bomb.size())
            .put((byte) 1)
            .putInt(bomb.size())
            .put(bomb.toByteArray())
            .array();
    attack(
        "1,000 messages of 4 KB that unpack to 4 MB",
        connections(
            4,
            HostileHttp2::new,
            connection -> {
              for (int i = 0; i < 250; i++) {
                connection.data(connection.call(PROCESS, "grpc-encoding", "gzip"), message);
              }
            }));
  }

  @Test
  void strangersOnTheMetricsPort() throws Exception {
    Attack silence =
        (server, open) -> {
          for (int i = 0; i < 8_300; i++) {
            Socket stranger = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
            open.add(stranger);
          }
          return liveness(server);
        };
    Attack bodies =
        (server, open) -> {
          byte[] post =
              "POST /actuator/health HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx"
                  .getBytes(StandardCharsets.US_ASCII);
          for (int i = 0; i < 250; i++) {
            Socket stranger = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
            open.add(stranger);
            stranger.getOutputStream().write(post);
          }
          return liveness(server);
        };
    for (var attack :
        List.of(
            Map.entry("8,300 silent connections to the metrics port", silence),
            Map.entry("250 slow bodies of POST to the metrics port", bodies))) {
      Outcome ours = outcome(false, attack.getValue());
      row(attack.getKey(), ours, "has none");
      ours.holds();
    }
  }

  /** As the kubelet asks, which gives it 5 s with the chart's values. */
  private static String liveness(ServerProcess server) throws Exception {
    URI liveness =
        URI.create("http://localhost:" + server.httpPort() + "/actuator/health/liveness");
    long start = System.nanoTime();
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(liveness).timeout(Duration.ofSeconds(5)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    return "liveness answers in %.1f s".formatted((System.nanoTime() - start) / 1e9);
  }
}
