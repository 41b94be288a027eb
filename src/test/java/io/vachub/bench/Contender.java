package io.vachub.bench;

import io.vachub.Jdk;
import io.vachub.PackagedJar;
import io.vachub.client.ClientProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A server to measure.
 *
 * @param command starts it; {@link #GRPC_PORT} and {@link #HTTP_PORT} stand for its ports
 */
record Contender(String name, List<String> command) {

  static final String GRPC_PORT = "{grpc.port}";
  static final String HTTP_PORT = "{http.port}";

  /** The packaged service, with these flags of the JVM and its defaults otherwise. */
  static Contender vacHub(String name, List<String> jvmFlags) {
    return vacHub(name, jvmFlags, List.of("-jar", PackagedJar.path().toString()));
  }

  /** The service, started like this. */
  static Contender vacHub(String name, List<String> jvmFlags, List<String> start) {
    List<String> command = new ArrayList<>(List.of(Jdk.command("java")));
    command.addAll(jvmFlags);
    command.addAll(start);
    command.add("--grpc.server.port=" + GRPC_PORT);
    command.add("--server.port=" + HTTP_PORT);
    command.add("--logging.level.io.vachub.streamer=WARN");
    command.add("--vachub.streams.max-active=0");
    return new Contender(name, command);
  }

  /** The same with these settings as well. */
  Contender with(List<String> settings) {
    return new Contender(name, Stream.concat(command.stream(), settings.stream()).toList());
  }

  /** {@link BareServer}, {@code ordinary} or {@code limit}. */
  static Contender bare(String kind, List<String> jvmFlags) {
    List<String> command = new ArrayList<>(List.of(Jdk.command("java")));
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BareServer.class.getName(), kind, GRPC_PORT));
    return new Contender("bare, " + kind, command);
  }

  /** Spring Boot's own gRPC starter with the same features. */
  static Contender bootStarter(List<String> jvmFlags) {
    List<String> command = new ArrayList<>(List.of(Jdk.command("java")));
    command.addAll(jvmFlags);
    command.addAll(List.of("-jar", "src/test/boot-starter/target/boot-starter.jar"));
    command.add("--spring.grpc.server.port=" + GRPC_PORT);
    command.add("--server.port=" + HTTP_PORT);
    return new Contender("Boot's own starter", command);
  }

  /** grpc-go; empty without Go. */
  static Optional<Contender> go() throws IOException, InterruptedException {
    String binary = Path.of("target", "bench", "grpc-go").toAbsolutePath().toString();
    String source = Path.of("src/test/go/counting_server.go").toAbsolutePath().toString();
    ProcessBuilder build;
    try {
      build = ClientProgram.GO.program(List.of("go", "build", "-o", binary, source));
    } catch (TestAbortedException e) {
      System.out.println("Without grpc-go: " + e.getMessage());
      return Optional.empty();
    }
    if (build.inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("It was not built: " + source);
    }
    return Optional.of(new Contender("grpc-go", List.of(binary, GRPC_PORT)));
  }
}
