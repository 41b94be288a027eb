package io.vachub.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** The examples of one language, each RPC with as many clients, which send numbers until told. */
public final class ClientLoad implements AutoCloseable {

  /** The RPCs that an example can send by. */
  public static final List<String> RPCS = List.of("AcknowledgeTextStream", "ProcessTextStream");

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What a client says in the end.
   *
   * @param sent it sent the messages of the numbers 1 to this
   * @param unknown the numbers whose fate nobody told after a cut, once for each time; those of
   *     AcknowledgeTextStream were sent again, and the others never
   * @param ends its streams, by how they ended
   */
  public record Account(
      String client, int sent, int counted, List<Integer> unknown, Map<String, Integer> ends) {

    /** Whether what is unknown was sent again. */
    public boolean acknowledged() {
      return client.contains(RPCS.get(0));
    }
  }

  private final Path directory;
  private final Map<String, Process> processes = new LinkedHashMap<>();

  private ClientLoad(Path directory) {
    this.directory = directory;
  }

  /** Starts them; skips the caller where the language is missing. */
  public static ClientLoad start(ClientProgram program, int clients, int port, Path directory)
      throws IOException {
    ClientLoad load = new ClientLoad(directory);
    for (String rpc : RPCS) {
      String name = program + "-" + rpc;
      load.processes.put(
          name,
          program
              .example("127.0.0.1:" + port, rpc, Integer.toString(clients), name)
              .redirectError(load.log(name).toFile())
              .start());
    }
    return load;
  }

  /** Lets each client finish, and tells what they say. */
  public List<Account> finish() throws IOException, InterruptedException {
    for (Process process : processes.values()) {
      process.getOutputStream().close();
    }
    List<Account> accounts = new ArrayList<>();
    for (Map.Entry<String, Process> client : processes.entrySet()) {
      Process process = client.getValue();
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        throw new AssertionError("It does not end: " + process.info().commandLine());
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(
            "%s failed: %s".formatted(client.getKey(), Files.readString(log(client.getKey()))));
      }
      new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JSON.readValue(line, Account.class))
          .forEach(accounts::add);
    }
    return accounts;
  }

  private Path log(String client) {
    return directory.resolve(client + ".log");
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
  }
}
