package io.vachub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The service below {@code src/test/library}, which has vac-hub as one dependency: built by Maven
 * from the packaged library, with either starter, and started.
 */
class LibraryIT {

  private static final Path REPOSITORY = Path.of("target/repository").toAbsolutePath();
  private static final Path SHOP = Path.of("src/test/library");

  private static final MethodDescriptor<byte[], byte[]> PRICE = method("Price", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> WATCH =
      method("Watch", MethodType.SERVER_STREAMING);
  private static final MethodDescriptor<byte[], byte[]> COLLECT =
      method("Collect", MethodType.CLIENT_STREAMING);
  private static final MethodDescriptor<byte[], byte[]> TRADE =
      method("Trade", MethodType.BIDI_STREAMING);

  @TempDir private Path directory;

  @BeforeAll
  static void publish() throws Exception {
    String version = PackagedJar.path().getFileName().toString().replaceAll("vac-hub-|\\.jar", "");
    maven(
        Path.of("."),
        "org.apache.maven.plugins:maven-deploy-plugin:3.1.4:deploy-file",
        "-Durl=" + REPOSITORY.toUri(),
        "-DpomFile=pom.xml",
        "-Dclassifier=library",
        "-Dfile=target/library/vac-hub-" + version + "-library.jar");
    for (String starter : List.of("devh", "boot")) {
      maven(
          SHOP,
          "package",
          "-D" + starter,
          "-Dvachub.version=" + version,
          "-Dvachub.repository=" + REPOSITORY.toUri());
    }
  }

  private static void maven(Path project, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("mvn", "-B", "-q"));
    command.addAll(List.of(arguments));
    Process maven =
        new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true).start();
    String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(maven.waitFor()).as(output).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"devh", "boot"})
  void countsLimitsHandsOffAndDrains(String starter) throws Exception {
    try (StartedJar shop =
        StartedJar.start(
            SHOP.resolve("target/shop-" + starter + ".jar"),
            directory,
            "-Xshare:auto",
            "spring.threads.virtual.enabled=true",
            "vachub.streams.max-active=2",
            "vachub.handoff.max-stream-age=4s",
            "vachub.drain.spread=0s")) {
      ManagedChannel channel = shop.awaitStart().channel();
      try {
        answersEachKind(channel);
        limitsAndHandsOff(shop, channel);
        drains(shop, channel);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static void answersEachKind(ManagedChannel channel) {
    assertThat(answers(channel, PRICE, 5)).containsExactly(5);
    assertThat(answers(channel, WATCH, 5)).containsExactly(5, 10, 15);
    assertThat(answers(channel, COLLECT, 5, 6)).containsExactly(11);
    assertThat(answers(channel, TRADE, 5, 6)).containsExactly(5, 11);

    TestStream<byte[], byte[]> call = TestStream.open(channel, PRICE).send(order(1)).halfClose();
    assertThat(call.end().status().isOk()).isTrue();
    assertThat(new String(call.answers().get(0), StandardCharsets.UTF_8))
        .as("a handler that blocks keeps no connection waiting")
        .contains(
            JRE.currentJre().compareTo(JRE.JAVA_21) >= 0
                ? "VirtualThread"
                : "grpc-default-executor");
  }

  private static List<Integer> answers(
      ManagedChannel channel, MethodDescriptor<byte[], byte[]> method, int... orders) {
    TestStream<byte[], byte[]> call = TestStream.open(channel, method);
    for (int order : orders) {
      call.send(order(order));
    }
    assertThat(call.halfClose().end().status().isOk()).isTrue();
    return call.answers().stream().map(LibraryIT::total).toList();
  }

  private static void limitsAndHandsOff(StartedJar shop, ManagedChannel channel) throws Exception {
    List<TestStream<byte[], byte[]>> open =
        Stream.of(COLLECT, TRADE)
            .map(method -> TestStream.open(channel, method).send(order(7)))
            .toList();
    open.forEach(TestStream::headers);
    assertThat(page(shop)).contains("\ngrpc_server_active_streams 2.0\n");

    TestStream.End refused = TestStream.open(channel, TRADE).end();
    assertThat(refused.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.status().getDescription()).contains("vachub.streams.max-active: 2");

    for (TestStream<byte[], byte[]> stream : open) {
      assertThat(stream.end().status().isOk()).isTrue();
      assertThat(stream.end().handoff()).isEqualTo("age");
      assertThat(stream.end().messageCount()).isEqualTo("1");
      assertThat(stream.answers().stream().map(LibraryIT::total)).containsExactly(7);
    }
    await().until(() -> page(shop).contains("\ngrpc_server_active_streams 0.0\n"));
    assertThat(page(shop))
        .contains("vachub_streams_handed_off_total{client=\"accepts\",reason=\"age\"} 2.0")
        .contains("grpc_server_call_duration_seconds_count{")
        .contains("jvm_memory_used_bytes{");
  }

  private static void drains(StartedJar shop, ManagedChannel channel) throws Exception {
    TestStream<byte[], byte[]> stream = TestStream.open(channel, TRADE).send(order(9));
    await().until(() -> stream.answers().size() == 1);

    shop.signal();

    assertThat(stream.end().status().isOk()).isTrue();
    assertThat(stream.end().handoff()).isEqualTo("drain");
    shop.exitCode();
    assertThat(shop.log()).contains("Draining 1 ", "Drained").doesNotContain("Force-closing");
  }

  private static String page(StartedJar shop) throws IOException, InterruptedException {
    return shop.page("/actuator/prometheus").body();
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setFullMethodName("shop.Shop/" + name)
        .setType(type)
        .setRequestMarshaller(new BytesMarshaller())
        .setResponseMarshaller(new BytesMarshaller())
        .build();
  }

  private static byte[] order(int amount) {
    byte[] bytes = new byte[CodedOutputStream.computeInt32Size(1, amount)];
    try {
      CodedOutputStream.newInstance(bytes).writeInt32(1, amount);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  private static int total(byte[] receipt) {
    try {
      return UnknownFieldSet.parseFrom(receipt).getField(1).getVarintList().get(0).intValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
