package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vachub.Jdk;
import io.vachub.PackagedJar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chart's 1 GiB and 60 streams, the image's JVM flags, and clients that begin messages and end
 * none. Only with {@code -Pproof}, on Linux.
 */
@EnabledIfSystemProperty(named = "vachub.proof.long", matches = "true")
class AttackIT {

  private static final Logger log = LoggerFactory.getLogger(AttackIT.class);

  private static final int CONNECTIONS = 20;
  private static final int CALLS = 30;
  private static final int BYTES = 240_000;

  @Test
  void unfinishedMessagesLeaveThePodWithinItsMemory(@TempDir Path directory) throws Exception {
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(Jdk.command("java"), "-XX:MaxRAM=1g"));
    Files.readAllLines(Path.of("src/main/jib/app/jvm-flags")).stream()
        .filter(line -> line.startsWith("-"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-jar",
            PackagedJar.path().toString(),
            "--server.port=0",
            "--grpc.server.port=" + port,
            "--vachub.streams.max-active=60"));
    Process server =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    List<RawHttp2> attackers = new ArrayList<>();
    try {
      await().atMost(Duration.ofMinutes(2)).until(() -> connects(port));
      byte[] unfinished = new byte[BYTES];
      unfinished[2] = 0x3D;
      for (int i = 0; i < CONNECTIONS; i++) {
        RawHttp2 attacker = new RawHttp2(port);
        attackers.add(attacker);
        for (int j = 0; j < CALLS; j++) {
          attacker.data(attacker.call("grpc.health.v1.Health/Check"), unfinished);
        }
      }
      // Who comes after them is served.
      try (RawHttp2 neighbour = new RawHttp2(port)) {
        int call = neighbour.call("grpc.health.v1.Health/Check");
        neighbour.data(call, new byte[5]);
        assertThat(neighbour.isClosed()).isFalse();
      }
      long mebibytes = peakMebibytes(server.pid());
      log.info("{} unfinished checks: {} MiB at most", CONNECTIONS * CALLS, mebibytes);
      assertThat(server.isAlive()).isTrue();
      assertThat(mebibytes).isLessThan(1_024);
    } finally {
      for (RawHttp2 attacker : attackers) {
        attacker.close();
      }
      server.destroyForcibly().waitFor();
    }
  }

  private static long peakMebibytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  private static boolean connects(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
