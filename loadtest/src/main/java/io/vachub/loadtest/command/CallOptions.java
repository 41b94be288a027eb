package io.vachub.loadtest.command;

import com.google.protobuf.Descriptors.MethodDescriptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.netty.channel.EventLoop;
import io.vachub.loadtest.call.CallPlan;
import io.vachub.loadtest.call.JsonMessages;
import io.vachub.loadtest.call.Reflection;
import io.vachub.loadtest.call.ServiceSchema;
import io.vachub.loadtest.connection.Dialer;
import io.vachub.loadtest.connection.SetupException;
import io.vachub.loadtest.load.Rpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The method that is called instead of the Streamer, its headers and its messages. */
final class CallOptions {

  private static final String BINARY = "-bin";

  @Option(
      names = "--call",
      paramLabel = "SERVICE/METHOD",
      converter = Parsed.AsCall.class,
      description =
          "Calls this method of any service, such as my.package.Service/Method, instead"
              + " of the Streamer. Its description is read from the server by reflection.")
  private String call;

  @Option(
      names = "--protoset",
      paramLabel = "FILE",
      description =
          "Reads the description of --call from a file made by protoc --include_imports"
              + " --descriptor_set_out.")
  private Path protoset;

  @Option(
      names = "--proto",
      paramLabel = "FILE",
      description = "Reads the description of --call from a .proto file.")
  private Path proto;

  @Option(
      names = "--import-path",
      paramLabel = "DIR",
      showDefaultValue = Visibility.NEVER,
      description =
          "Directory with --proto and its imports; by default that of the file. May be"
              + " repeated.")
  private List<Path> importPaths = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "JSON|@FILE",
      description =
          "The messages of --call as JSON, or a file with one on each line, sent in turn; with"
              + " {{n}}, {{stream}}, {{client}}, {{now}} and {{random}}.")
  private String data;

  @Option(
      names = "--count-field",
      paramLabel = "NAME",
      description =
          "The field in the answers of --call with the number of processed messages of"
              + " the stream, such as count or result.count.")
  private String countField;

  @Option(
      names = "--header",
      paramLabel = "NAME: VALUE|@FILE",
      showDefaultValue = Visibility.NEVER,
      description =
          "A header to send with each call; if the name ends in -bin, the value is"
              + " base64. A file has one header on each line. May be repeated.")
  private List<String> headers = new ArrayList<>();

  /** The method and how it is called; may ask the server. */
  record Called(Rpc rpc, CallPlan plan) {}

  boolean isStreamer() {
    return call == null;
  }

  /** Checks what can be checked without a server. */
  void check(boolean streamerOptions) throws SetupException {
    if (call == null && (protoset != null || proto != null || data != null || countField != null)) {
      throw new SetupException(
          "--protoset, --proto, --data, --count-field: without --call (expected: --call"
              + " SERVICE/METHOD with them)");
    }
    if (call != null && streamerOptions) {
      throw new SetupException(
          "--rpc, --message-size: together with --call (expected: --data for its " + "messages)");
    }
    if (protoset != null && proto != null) {
      throw new SetupException("--protoset: together with --proto (expected: one or the other)");
    }
    headers();
  }

  /** The method; asks the server if no file describes it. */
  Called called(Dialer dialer, EventLoop loop, String target) throws SetupException {
    Metadata headers = headers();
    MethodDescriptor method = schema(dialer, loop, target, headers).method(call);
    Rpc rpc =
        new Rpc(
            method.getService().getFullName() + "/" + method.getName(),
            type(method),
            countField != null);
    return new Called(rpc, CallPlan.of(rpc, countPath(method), messages(method), headers));
  }

  private List<Integer> countPath(MethodDescriptor method) throws SetupException {
    try {
      return countField == null
          ? List.of()
          : CallPlan.countPath(method.getOutputType(), countField);
    } catch (IllegalArgumentException e) {
      throw new SetupException("--count-field: " + e.getMessage());
    }
  }

  private ServiceSchema schema(Dialer dialer, EventLoop loop, String target, Metadata headers)
      throws SetupException {
    if (protoset != null) {
      return ServiceSchema.ofProtoset(protoset);
    }
    if (proto != null) {
      return ServiceSchema.ofProto(proto, importPaths);
    }
    String service = call.substring(0, call.lastIndexOf('/'));
    return Reflection.ask(dialer, loop, service, headers, target);
  }

  private static MethodType type(MethodDescriptor method) {
    if (method.isClientStreaming()) {
      return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
    }
    return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
  }

  private JsonMessages messages(MethodDescriptor method) throws SetupException {
    List<String> lines = List.of("{}");
    if (data != null) {
      lines = data.startsWith("@") ? lines("--data", data) : List.of(data);
    }
    if (lines.isEmpty()) {
      throw new SetupException("--data: %s (expected: a JSON object on each line)".formatted(data));
    }
    try {
      return new JsonMessages(method.getInputType(), lines);
    } catch (IllegalArgumentException e) {
      throw new SetupException("--data: " + e.getMessage());
    }
  }

  private static List<String> lines(String option, String file) throws SetupException {
    try {
      return Files.readAllLines(Path.of(file.substring(1))).stream()
          .filter(line -> !line.isBlank())
          .toList();
    } catch (IOException e) {
      throw new SetupException(
          "%s: %s (expected: @ and a readable text file)".formatted(option, file));
    }
  }

  /** The headers of each call. */
  Metadata headers() throws SetupException {
    Metadata metadata = new Metadata();
    for (String header : headers) {
      for (String line : header.startsWith("@") ? lines("--header", header) : List.of(header)) {
        add(metadata, line);
      }
    }
    return metadata;
  }

  private static void add(Metadata metadata, String line) throws SetupException {
    int colon = line.indexOf(':');
    String name =
        colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(java.util.Locale.ROOT);
    String value = line.substring(colon + 1).strip();
    try {
      if (name.endsWith(BINARY)) {
        metadata.put(
            Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
            Base64.getDecoder().decode(value));
        return;
      }
      if (!name.isEmpty() && value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the value: it may be a secret.
    }
    throw new SetupException(
        "--header: %s (expected: NAME: VALUE, in base64 where NAME ends in -bin)"
            .formatted(name.isEmpty() ? "no name" : name));
  }
}
