package io.vachub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The jar that {@code mvn package} makes. */
public final class PackagedJar {

  private PackagedJar() {}

  /** Where it is; fails if it was not made. */
  public static Path path() {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("vac-hub-\\d[\\w.-]*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no target/vac-hub-*.jar: mvn package"))
          .toAbsolutePath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
