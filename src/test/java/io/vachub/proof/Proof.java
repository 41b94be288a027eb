package io.vachub.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long the proof is, and where it leaves its files. */
final class Proof {

  private static final boolean LONG = Boolean.getBoolean("vachub.proof.long");

  private static final Path DIRECTORY = Path.of("target", "proof").toAbsolutePath();

  private Proof() {}

  /** The first in {@code mvn verify}, the second with {@code -Pproof}. */
  static int times(int inShort, int inLong) {
    return LONG ? inLong : inShort;
  }

  /** An empty directory for the files of one run. */
  static Path directory(String run) {
    try {
      Files.createDirectories(DIRECTORY);
      return Files.createTempDirectory(DIRECTORY, run + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
