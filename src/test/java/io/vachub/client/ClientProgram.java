package io.vachub.client;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import io.vachub.Jdk;
import io.vachub.proto.TextRequest;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A client of proto/clients that runs in a process of its own. */
public enum ClientProgram {
  JAVA(
      "java",
      List.of(
          Jdk.command("java"),
          "-cp",
          System.getProperty("java.class.path"),
          "io.vachub.client.Example")),
  PYTHON("python", List.of("python3", "example.py")),
  PYTHON_AIO("python", List.of("python3", "example_aio.py")),
  GO("go", List.of("./example/example")),
  NODE("node", List.of("node", "example.js"));

  private static final Path GENERATED = Path.of("target", "clients").toAbsolutePath();

  /** By the folder of their language. */
  private static final Map<String, Path> PREPARED = new HashMap<>();

  private final String folder;
  private final List<String> example;

  ClientProgram(String folder, List<String> example) {
    this.folder = folder;
    this.example = example;
  }

  /** Its own tests; skips the caller where its language is missing. */
  public ProcessBuilder tests() throws IOException {
    return switch (this) {
      case JAVA -> throw new IllegalStateException("TextSenderTest tests it");
      case PYTHON, PYTHON_AIO -> program(List.of("python3", "-m", "unittest"));
      case GO -> program(List.of("go", "test", "./..."));
      case NODE -> program(List.of("node", "--test"));
    };
  }

  /** Its example with these arguments; skips the caller where its language is missing. */
  public ProcessBuilder example(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(example);
    command.addAll(List.of(arguments));
    return program(command);
  }

  /** A command that finds what this client needs; skips the caller where that is missing. */
  public ProcessBuilder program(List<String> command) throws IOException {
    ProcessBuilder program = new ProcessBuilder(command);
    switch (this) {
      case JAVA -> {}
      case PYTHON, PYTHON_AIO -> {
        program.environment().put("PYTHONPATH", prepared().toString());
        program.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        program.directory(source().toFile());
      }
      case GO, NODE -> program.directory(prepared().toFile());
    }
    return program;
  }

  /** What is made for it, once: a client that already runs may just be reading that. */
  private Path prepared() throws IOException {
    synchronized (PREPARED) {
      Path made = PREPARED.get(folder);
      if (made == null) {
        made =
            switch (this) {
              case JAVA -> throw new IllegalStateException("the build makes it");
              case PYTHON, PYTHON_AIO -> preparePython();
              case GO -> prepareGo();
              case NODE -> prepareNode();
            };
        PREPARED.put(folder, made);
      }
      return made;
    }
  }

  private Path source() {
    return Path.of("proto", "clients", folder).toAbsolutePath();
  }

  private Path preparePython() throws IOException {
    Path generated = Files.createDirectories(GENERATED.resolve(folder));
    assumeRuns(
        "Python with grpcio-tools (pip install grpcio grpcio-tools)",
        Path.of("proto"),
        "python3",
        "-m",
        "grpc_tools.protoc",
        "-I.",
        "--python_out=" + generated,
        "streaming.proto");
    return generated;
  }

  /** Go builds a copy, beside what is generated for it. */
  private Path prepareGo() throws IOException {
    Path copy = GENERATED.resolve(folder);
    try (Stream<Path> files = Files.walk(source())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(source().relativize(file));
        Files.createDirectories(target.getParent());
        Files.write(target, Files.readAllBytes(file));
      }
    }
    assumeRuns("Go with the modules of proto/clients/go", copy, "go", "mod", "download");
    generateGo(copy, "protoc-gen-go");
    generateGo(copy, "protoc-gen-go-grpc");
    run(copy, "go", "build", "-o", "example/example", "./example");
    return copy;
  }

  /** Does what protoc does with a plugin, so that protoc itself is not needed. */
  private static void generateGo(Path module, String plugin) throws IOException {
    CodeGeneratorRequest request =
        CodeGeneratorRequest.newBuilder()
            .addFileToGenerate("streaming.proto")
            .addProtoFile(TextRequest.getDescriptor().getFile().toProto())
            .setParameter("paths=source_relative,Mstreaming.proto=example.com/textsender/streaming")
            .build();
    Process process = builder(module, "go", "tool", plugin).start();
    try (OutputStream input = process.getOutputStream()) {
      request.writeTo(input);
    }
    CodeGeneratorResponse response = CodeGeneratorResponse.parseFrom(process.getInputStream());
    for (CodeGeneratorResponse.File file : response.getFileList()) {
      Path target = module.resolve("streaming").resolve(file.getName());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getContent());
    }
  }

  private Path prepareNode() throws IOException {
    assumeRuns(
        "Node with the packages of proto/clients/node (npm ci in it)",
        source(),
        "node",
        "--input-type=module",
        "--eval",
        "import '@grpc/grpc-js'; import '@grpc/proto-loader'");
    return source();
  }

  private static void assumeRuns(String what, Path directory, String... command) {
    int exitCode;
    try {
      exitCode = run(directory, command);
    } catch (IOException e) {
      exitCode = -1;
    }
    assumeTrue(exitCode == 0, what);
  }

  private static int run(Path directory, String... command) throws IOException {
    try {
      return builder(directory, command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ProcessBuilder builder(Path directory, String... command) {
    return new ProcessBuilder(command)
        .directory(new File(directory.toString()))
        .redirectError(ProcessBuilder.Redirect.DISCARD);
  }
}
