package io.vachub.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Limits a process as Kubernetes limits a container. */
record Cgroup(Optional<Path> members) {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 100_000;

  /** No limit. */
  static final Cgroup NONE = new Cgroup(Optional.empty());

  /** So many processors; empty where this user may not make a cgroup. */
  static Optional<Cgroup> processors(double count) {
    String quota = Long.toString(Math.round(count * PERIOD_MICROS));
    return make("cpu", "cpu.max", quota + " " + PERIOD_MICROS, "cpu.cfs_quota_us", quota);
  }

  /** So much memory; empty where this user may not make a cgroup. */
  static Optional<Cgroup> memory(long bytes) {
    String limit = Long.toString(bytes);
    return make("memory", "memory.max", limit, "memory.limit_in_bytes", limit);
  }

  private static Optional<Cgroup> make(
      String controller, String file, String value, String oldFile, String oldValue) {
    boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path group = (unified ? ROOT : ROOT.resolve(controller)).resolve("vac-hub-bench");
    try {
      Files.createDirectories(group);
      Files.writeString(group.resolve(unified ? file : oldFile), unified ? value : oldValue);
      return Optional.of(new Cgroup(Optional.of(group.resolve("cgroup.procs"))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a command is to be preceded with. */
  List<String> enter() {
    return members
        .map(file -> List.of("sh", "-c", "echo $$ > " + file + " && exec \"$@\"", "sh"))
        .orElse(List.of());
  }
}
