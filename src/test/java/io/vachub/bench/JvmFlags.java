package io.vachub.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The flags of the image's JVM that decide how fast it is and what it needs. */
final class JvmFlags {

  private JvmFlags() {}

  static List<String> ofImage() throws IOException {
    return Files.readAllLines(Path.of("src/main/jib/app/jvm-flags")).stream()
        .filter(line -> line.startsWith("-XX:"))
        .toList();
  }
}
