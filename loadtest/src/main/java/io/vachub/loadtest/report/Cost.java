package io.vachub.loadtest.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the load tester itself used.
 *
 * @param cpuSeconds processor time of the whole process, from its start
 * @param peakMemoryMib most memory that the process had at once; 0 where the system does not tell
 */
public record Cost(double cpuSeconds, long peakMemoryMib) {

  /** Of nothing. */
  public static final Cost NONE = new Cost(0, 0);

  private static final Path STATUS = Path.of("/proc/self/status");

  /** Of this process up to now. */
  public static Cost ofThisProcess() {
    double cpuSeconds =
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    return new Cost(cpuSeconds, residentMib());
  }

  private static long residentMib() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }
  }
}
