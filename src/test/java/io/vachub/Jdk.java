package io.vachub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The JDK that runs the tests. */
public final class Jdk {

  private Jdk() {}

  /** Its command of this name, such as {@code java}. */
  public static String command(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /** Bytes of live objects of a JVM, after a full collection, which jcmd's histogram asks for. */
  public static long liveHeapBytes(long pid) throws IOException, InterruptedException {
    Process histogram =
        new ProcessBuilder(command("jcmd"), Long.toString(pid), "GC.class_histogram").start();
    String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (histogram.waitFor() != 0) {
      throw new IOException("jcmd failed: " + text);
    }
    return Long.parseLong(text.substring(text.lastIndexOf("Total")).split("\\s+")[2]);
  }
}
