package io.vachub.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The account of the load tester against the counters of the real service. */
class ServiceIT {

  private static final String[] NOTHING_LOST = {
    "--assert=lost==0",
    "--assert=doubled==0",
    "--assert=unknown==0",
    "--assert=cut==0",
    "--assert=failure==0"
  };

  @TempDir private Path directory;

  @Test
  void agreesToTheMessageAcrossConnectionsThatAge() throws Exception {
    try (ServiceProcess service =
            ServiceProcess.start(
                directory,
                "pod-a",
                "--grpc.server.max-connection-age=2s",
                "--grpc.server.max-connection-age-grace=2s",
                "--vachub.handoff.margin=1s");
        LoadTestProcess load =
            run(
                "load",
                service.address(),
                "--channels=3",
                "--streams=30",
                "--duration=10s",
                "--counters=" + service.metricsAddress())) {
      assertThat(load.exitCode()).as(load.err()).isZero();

      JsonObject report = report("load");
      assertThat(processed(report)).isEqualTo(service.processed());
      assertThat(report.getAsJsonObject("counters").get("messages").getAsLong())
          .isEqualTo(service.processed());
      assertThat(handoffs(report, "connection_age"))
          .isEqualTo(service.metric("vachub_streams_handed_off_total", "connection_age"))
          .isGreaterThanOrEqualTo(30);
    }
  }

  @Test
  void severalProcessesAgreeTogetherAcrossHandoffsByAge() throws Exception {
    try (ServiceProcess service =
            ServiceProcess.start(directory, "pod-a", "--vachub.handoff.max-stream-age=2s");
        LoadTestProcess one = run("one", service.address(), "--streams=20", "--duration=7s");
        LoadTestProcess two =
            run("two", service.address(), "--streams=20", "--duration=7s", "--rate=max");
        LoadTestProcess three =
            run("three", service.address(), "--streams=20", "--duration=7s", "--rpc=acknowledge")) {
      assertThat(one.exitCode()).as(one.err()).isZero();
      assertThat(two.exitCode()).as(two.err()).isZero();
      assertThat(three.exitCode()).as(three.err()).isZero();

      List<JsonObject> reports = List.of(report("one"), report("two"), report("three"));
      assertThat(reports.stream().mapToLong(ServiceIT::processed).sum())
          .isEqualTo(service.processed());
      assertThat(reports.stream().mapToLong(report -> handoffs(report, "age")).sum())
          .isEqualTo(service.metric("vachub_streams_handed_off_total", "reason=\"age\""))
          .isGreaterThanOrEqualTo(60);
      assertThat(service.metric("vachub_streams_cut_total")).isZero();
    }
  }

  @Test
  void countsEveryRefusalAndLosesNothingByIt() throws Exception {
    try (ServiceProcess service =
            ServiceProcess.start(
                directory,
                "pod-a",
                "--vachub.streams.max-active=10",
                "--vachub.handoff.max-stream-age=2s");
        LoadTestProcess load =
            run(
                "load",
                service.address(),
                "--streams=15",
                "--duration=8s",
                "--rate=20",
                "--allow=never-opened,unsent")) {
      assertThat(load.exitCode()).as(load.err()).isZero();

      JsonObject report = report("load");
      assertThat(processed(report)).isEqualTo(service.processed());
      assertThat(report.getAsJsonObject("reconnects").get("refused").getAsLong())
          .isPositive()
          .isEqualTo(service.metric("vachub_streams_rejected_total"));
    }
  }

  @Test
  void aPodThatShutsDownHandsEverythingOver() throws Exception {
    try (ServiceProcess leaving =
            ServiceProcess.start(
                directory, "pod-a", "--vachub.drain.quiet-period=1s", "--vachub.drain.spread=2s");
        ServiceProcess staying = ServiceProcess.start(directory, "pod-b");
        LoadTestProcess load =
            run(
                "load",
                leaving.address() + "," + staying.address(),
                "--streams=20",
                "--ramp=1/50ms",
                "--duration=12s")) {
      await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> leaving.processed() > 20 && staying.processed() > 20);
      leaving.terminate();
      assertThat(load.exitCode()).as(load.err()).isZero();

      assertThat(handoffs(report("load"), "drain")).isPositive();
    }
  }

  @Test
  void aKilledPodLeavesUnknownAndTheRestIsExact() throws Exception {
    try (ServiceProcess killed = ServiceProcess.start(directory, "pod-a");
        ServiceProcess staying = ServiceProcess.start(directory, "pod-b");
        LoadTestProcess load =
            start(
                "load",
                killed.address() + "," + staying.address(),
                "--rpc=acknowledge",
                "--streams=20",
                "--ramp=1/50ms",
                "--duration=8s",
                "--assert=lost==0",
                "--assert=doubled==0",
                "--assert=cut>0",
                "--allow=cut,unknown")) {
      await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> killed.processed() > 20 && staying.processed() > 20);
      long atLeast = killed.processed();
      killed.kill();
      assertThat(load.exitCode()).as(load.err()).isZero();

      JsonObject account = report("load").getAsJsonObject("account");
      long sent = account.get("sent").getAsLong();
      long unknown = account.get("unknown").getAsLong();
      assertThat(sent).isEqualTo(processed(report("load")) + unknown);
      assertThat(staying.processed() + atLeast).isLessThanOrEqualTo(sent);
    }
  }

  private LoadTestProcess run(String name, String target, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(NOTHING_LOST));
    return start(name, target, all.toArray(String[]::new));
  }

  private LoadTestProcess start(String name, String target, String... options) throws Exception {
    List<String> args =
        new ArrayList<>(
            List.of("run", target, "--plaintext", "--json=" + directory.resolve(name + ".json")));
    args.addAll(List.of(options));
    return LoadTestProcess.start(directory, name, args);
  }

  private JsonObject report(String name) throws Exception {
    return LoadTestProcess.json(directory.resolve(name + ".json"));
  }

  private static long processed(JsonObject report) {
    return report.getAsJsonObject("account").get("processed").getAsLong();
  }

  private static long handoffs(JsonObject report, String reason) {
    JsonObject handoffs = report.getAsJsonObject("reconnects").getAsJsonObject("handoff");
    return handoffs.has(reason) ? handoffs.get(reason).getAsLong() : 0;
  }
}
