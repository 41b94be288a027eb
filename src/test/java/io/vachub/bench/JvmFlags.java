package io.vachub.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The flags of the image's JVM. */
final class JvmFlags {

  private JvmFlags() {}

  /** Those, with this much heap. */
  static List<String> ofImage(String maxHeap) throws IOException {
    return Stream.concat(ofImage().stream(), Stream.of("-Xmx" + maxHeap)).toList();
  }

  static List<String> ofImage() throws IOException {
    return Files.readAllLines(Path.of("src/main/jib/app/jvm-flags")).stream()
        .filter(line -> line.startsWith("-"))
        .toList();
  }
}
