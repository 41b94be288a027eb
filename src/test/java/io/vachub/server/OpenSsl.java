package io.vachub.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** The openssl of this machine, in one directory. */
record OpenSsl(Path directory) {

  /** Makes NAME.key and NAME.crt, which signs itself, for grpc.example.com. */
  void certificate(String name, String... more) {
    certificate(name, "rsa:2048", more);
  }

  /** The same with a key of this kind. */
  void certificate(String name, String kindOfKey, String[] more) {
    run(
        "req -x509 -newkey %s -nodes -days 2 -subj /CN=grpc.example.com"
                .formatted(kindOfKey.replace(":P", " -pkeyopt ec_paramgen_curve:P"))
            + " -addext subjectAltName=DNS:grpc.example.com -keyout %s.key -out %s.crt "
                .formatted(name, name)
            + String.join(" ", more));
  }

  /** Runs it with these arguments, which contain no spaces. */
  void run(String arguments) {
    try {
      Process process = start(arguments).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as(output).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ProcessBuilder start(String arguments) {
    String[] command = ("openssl " + arguments).trim().split(" +");
    return new ProcessBuilder(Arrays.asList(command)).directory(directory.toFile());
  }
}
