package io.vachub.loadtest.call;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.SchemaLoader;
import com.squareup.wire.schema.internal.SchemaEncoder;
import io.vachub.loadtest.connection.SetupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okio.FileSystem;

/** The services that protobuf files describe. */
public final class ServiceSchema {

  private static final Map<String, FileDescriptor> WELL_KNOWN =
      Stream.of(
              AnyProto.getDescriptor(),
              ApiProto.getDescriptor(),
              DurationProto.getDescriptor(),
              EmptyProto.getDescriptor(),
              FieldMaskProto.getDescriptor(),
              StructProto.getDescriptor(),
              TimestampProto.getDescriptor(),
              WrappersProto.getDescriptor(),
              DescriptorProtos.getDescriptor())
          .collect(Collectors.toMap(FileDescriptor::getName, file -> file));

  private final String origin;
  private final Map<String, FileDescriptorProto> protos = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> built = new HashMap<>();

  /** What these files describe; errors name their origin. */
  ServiceSchema(String origin, Collection<FileDescriptorProto> files) {
    this.origin = origin;
    files.forEach(file -> protos.put(file.getName(), file));
  }

  /**
   * Reads a file that {@code protoc --descriptor_set_out --include_imports} has written.
   *
   * @throws SetupException if it is none
   */
  public static ServiceSchema ofProtoset(Path file) throws SetupException {
    try {
      FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(file));
      if (set.getFileCount() > 0) {
        return new ServiceSchema("--protoset", set.getFileList());
      }
    } catch (IOException e) {
      // Said below.
    }
    throw new SetupException(
        ("--protoset: %s (expected: a file made by protoc --include_imports"
                + " --descriptor_set_out)")
            .formatted(file));
  }

  /**
   * Reads a {@code .proto} file.
   *
   * @param imports where it and what it imports is looked for; none is the file's own folder
   * @throws SetupException with the place, if something in it cannot be read
   */
  public static ServiceSchema ofProto(Path file, List<Path> imports) throws SetupException {
    Path absolute = file.toAbsolutePath().normalize();
    List<Path> roots =
        imports.isEmpty()
            ? List.of(absolute.getParent())
            : imports.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    if (!Files.isReadable(absolute)) {
      throw new SetupException("--proto: %s (expected: a readable file)".formatted(file));
    }
    Path root =
        roots.stream()
            .filter(absolute::startsWith)
            .findFirst()
            .orElseThrow(
                () ->
                    new SetupException(
                        "--proto: %s (expected: a file below --import-path)".formatted(file)));
    SchemaLoader loader = new SchemaLoader(FileSystem.SYSTEM);
    loader.setLoadExhaustively(true);
    try {
      String path = root.relativize(absolute).toString().replace('\\', '/');
      loader.initRoots(
          List.of(Location.get(root.toString(), path)),
          roots.stream().map(Path::toString).map(Location::get).toList());
      Schema schema = loader.loadSchema();
      SchemaEncoder encoder = new SchemaEncoder(schema);
      Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
      for (ProtoFile proto : schema.getProtoFiles()) {
        FileDescriptorProto encoded =
            FileDescriptorProto.parseFrom(encoder.encode(proto).toByteArray());
        files.put(encoded.getName(), encoded);
      }
      return new ServiceSchema("--proto", files.values());
    } catch (IOException | RuntimeException e) {
      throw new SetupException(
          "--proto: %s (expected: a protobuf file that can be read: %s)"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
  }

  /**
   * The method of this name.
   *
   * @param call {@code package.Service/Method}
   * @throws SetupException with what there is instead
   */
  public MethodDescriptor method(String call) throws SetupException {
    int slash = call.lastIndexOf('/');
    String serviceName = call.substring(0, slash);
    ServiceDescriptor service = service(serviceName);
    MethodDescriptor method = service.findMethodByName(call.substring(slash + 1));
    if (method == null) {
      throw new SetupException(
          "--call: %s (expected: a method of %s: %s)"
              .formatted(
                  call,
                  serviceName,
                  service.getMethods().stream()
                      .map(MethodDescriptor::getName)
                      .collect(Collectors.joining(", "))));
    }
    return method;
  }

  private ServiceDescriptor service(String name) throws SetupException {
    for (FileDescriptorProto proto : protos.values()) {
      String prefix = proto.getPackage().isEmpty() ? "" : proto.getPackage() + ".";
      boolean here =
          proto.getServiceList().stream().anyMatch(s -> (prefix + s.getName()).equals(name));
      if (here) {
        return build(proto.getName()).findServiceByName(name.substring(prefix.length()));
      }
    }
    String known =
        protos.values().stream()
            .flatMap(
                proto ->
                    proto.getServiceList().stream()
                        .map(
                            s ->
                                proto.getPackage().isEmpty()
                                    ? s.getName()
                                    : proto.getPackage() + "." + s.getName()))
            .collect(Collectors.joining(", "));
    throw new SetupException(
        "--call: %s (expected: a service of %s: %s)"
            .formatted(name, origin, known.isEmpty() ? "there is none" : known));
  }

  private FileDescriptor build(String name) throws SetupException {
    if (built.containsKey(name)) {
      return built.get(name);
    }
    FileDescriptorProto proto = protos.get(name);
    if (proto == null) {
      if (WELL_KNOWN.containsKey(name)) {
        return WELL_KNOWN.get(name);
      }
      throw new SetupException(
          "%s: %s is imported and not there (expected: all imports; protoc takes"
                  .formatted(origin, name)
              + " --include_imports)");
    }
    FileDescriptor[] dependencies = new FileDescriptor[proto.getDependencyCount()];
    for (int i = 0; i < dependencies.length; i++) {
      dependencies[i] = build(proto.getDependency(i));
    }
    try {
      FileDescriptor file = FileDescriptor.buildFrom(proto, dependencies);
      built.put(name, file);
      return file;
    } catch (DescriptorValidationException e) {
      throw new SetupException("%s: %s: %s".formatted(origin, name, e.getMessage()));
    }
  }
}
