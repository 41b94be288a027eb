package io.vachub.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains the AOT cache of an image with the image's own JVM, jars and flags, which it takes from
 * the image's tar: {@code TAR CACHE}. The image need not be run for it, but its JVM is, so this
 * machine must be of the image's kind.
 */
final class ImageAotCache {

  private final Path root;
  private final JsonNode config;

  private ImageAotCache(Path root, JsonNode config) {
    this.root = root;
    this.config = config;
  }

  public static void main(String[] args) throws Exception {
    Path image = Path.of(args[0]);
    Path cache = Path.of(args[1]);
    Files.createDirectories(cache.getParent());
    Path work = Files.createDirectories(image.resolveSibling("aot-training"));
    unpack(image, work);
    JsonNode manifest = json(work.resolve("manifest.json")).get(0);
    ImageAotCache training =
        new ImageAotCache(
            Files.createDirectories(work.resolve("root")),
            json(work.resolve(manifest.get("Config").asString())));
    training.requireThisMachine();
    for (JsonNode layer : manifest.get("Layers")) {
      unpack(work.resolve(layer.asString()), training.root);
    }
    AotCache.train(training.command(), cache, work.resolve("training.log"));
  }

  private void requireThisMachine() {
    String wanted = config.get("os").asString() + "/" + config.get("architecture").asString();
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String architecture =
        System.getProperty("os.arch").replace("x86_64", "amd64").replace("aarch64", "arm64");
    String actual = os + "/" + architecture;
    if (!actual.equals(wanted)) {
      throw new IllegalStateException(
          "The AOT cache of a %s image cannot be trained on %s. Without it: -P '!aot-cache'"
              .formatted(wanted, actual));
    }
  }

  /** The image's own command but for the cache, with its files where they are now. */
  private List<String> command() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("@" + root.resolve("app/jvm-flags"));
    for (JsonNode argument : config.get("config").get("Entrypoint")) {
      if (argument.asString().startsWith("-D")) {
        command.add(argument.asString());
      }
    }
    command.add("-cp");
    String classpath = Files.readString(root.resolve("app/jib-classpath-file"));
    command.add(classpath.replaceAll("(^|:)/", "$1" + root + "/"));
    command.add(Files.readString(root.resolve("app/jib-main-class-file")));
    return command;
  }

  /** The one that the image's own command means. */
  private String java() {
    for (JsonNode variable : config.get("config").get("Env")) {
      if (variable.asString().startsWith("PATH=")) {
        for (String directory : variable.asString().substring("PATH=".length()).split(":")) {
          Path java = Path.of(root + directory, "java");
          if (Files.isExecutable(java)) {
            return java.toString();
          }
        }
      }
    }
    throw new IllegalStateException("The image has no java on its PATH");
  }

  private static JsonNode json(Path file) {
    return JsonMapper.shared().readTree(file.toFile());
  }

  /** Keeps the times of the files, by which the JVM knows its jars again. */
  private static void unpack(Path tar, Path directory) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(
                "tar",
                "--warning=no-unknown-keyword",
                "-xf",
                tar.toString(),
                "-C",
                directory.toString())
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException("tar could not unpack " + tar);
    }
  }
}
