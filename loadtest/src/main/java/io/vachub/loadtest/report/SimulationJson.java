package io.vachub.loadtest.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vachub.loadtest.fleet.SimulatedEnding;
import io.vachub.loadtest.simulation.Interval;
import io.vachub.loadtest.simulation.Result;
import io.vachub.loadtest.simulation.Step;
import java.util.Map;

/** Simulations as JSON; fields that a load's report has too have the same name. */
public final class SimulationJson {

  private SimulationJson() {}

  /** The report, indented. */
  public static String write(SimulationReport report) {
    return Json.indented(tree(report));
  }

  /** The report on one line, safe to put between HTML tags. */
  static String writeForHtml(SimulationReport report) {
    return Json.forHtml(tree(report));
  }

  private static JsonObject tree(SimulationReport report) {
    JsonObject json = new JsonObject();
    json.addProperty("options", report.options());
    JsonArray simulations = new JsonArray();
    report.results().forEach((label, result) -> simulations.add(simulation(label, result)));
    json.add("simulations", simulations);
    JsonObject cost = new JsonObject();
    cost.addProperty("cpu_seconds", Json.rounded(report.cost().cpuSeconds()));
    cost.addProperty("peak_memory_mib", report.cost().peakMemoryMib());
    json.add("cost", cost);
    json.add("assertions", Json.array(report.outcomes(), Json::outcome));
    return json;
  }

  private static JsonObject simulation(String label, Result result) {
    JsonObject json = new JsonObject();
    json.addProperty("label", label);
    json.addProperty("streams", result.settings().load().streams());
    json.addProperty("seconds", result.settings().load().duration().toSeconds());
    json.addProperty("seed", result.settings().seed());
    json.addProperty("events", result.events());
    json.add("result", result(result));
    json.add("steps", Json.array(result.steps(), SimulationJson::step));
    json.add("series", Json.array(result.intervals(), SimulationJson::interval));
    return json;
  }

  private static JsonObject result(Result result) {
    JsonObject json = new JsonObject();
    json.addProperty("ready_pods", Json.rounded(result.readyPods()));
    json.addProperty("needed_pods", Json.rounded(result.neededPods()));
    json.addProperty("missing_pod_minutes", Json.rounded(result.missingPodMinutes()));
    json.addProperty("spare_pod_minutes", Json.rounded(result.sparePodMinutes()));
    json.addProperty("max_over_mean", Json.rounded(result.maxOverMeanAtEnd()));
    json.addProperty("average_max_over_mean", Json.rounded(result.maxOverMean()));
    json.addProperty("peak", result.peak());
    json.addProperty("streams_opened", result.opened());
    json.addProperty("moved", result.moved());
    json.addProperty("moved_per_minute", Math.round(result.movedPerMinute() * 1e5) / 1e5);
    json.addProperty("cut", result.ended(SimulatedEnding.CUT));
    json.addProperty("refused", result.refused());
    json.addProperty("killed", result.ended(SimulatedEnding.KILLED));
    json.addProperty("moves_per_rollout", Json.rounded(result.movesPerRollout()));
    json.addProperty("waiting_share", Math.round(result.waitingShare() * 1e6) / 1e6);
    json.add("ended", ended(result.ended()));
    return json;
  }

  private static JsonObject step(Step step) {
    JsonObject json = new JsonObject();
    json.addProperty("second", step.second());
    json.addProperty("planned", step.planned());
    step.enough().ifPresent(seconds -> json.addProperty("enough_after_s", seconds));
    step.even().ifPresent(seconds -> json.addProperty("even_after_s", seconds));
    return json;
  }

  private static JsonObject interval(Interval interval) {
    JsonObject json = new JsonObject();
    json.addProperty("second", interval.second());
    json.addProperty("planned", interval.planned());
    json.addProperty("open", interval.open());
    json.addProperty("max_over_mean", Json.rounded(interval.maxOverMean()));
    json.addProperty("needed_pods", interval.needed());
    json.addProperty("desired_pods", interval.desired());
    json.addProperty("ready_pods", interval.ready());
    json.addProperty("draining_pods", interval.shuttingDown());
    json.addProperty("fullest", interval.fullest());
    json.addProperty("emptiest", interval.emptiest());
    json.addProperty("mean", Json.rounded(interval.mean()));
    json.addProperty("moved", interval.moved());
    json.add("ended", ended(interval.ended()));
    JsonObject pods = new JsonObject();
    for (int pod = 0; pod < interval.streamsByPod().length; pod++) {
      if (interval.streamsByPod()[pod] > 0) {
        pods.addProperty(podName(pod), interval.streamsByPod()[pod]);
      }
    }
    json.add("pods", pods);
    return json;
  }

  private static JsonObject ended(Map<SimulatedEnding, Long> ended) {
    JsonObject json = new JsonObject();
    ended.forEach(
        (how, count) -> {
          if (how.cause() != null) {
            json.addProperty(how.cause().key(), count);
          }
        });
    return json;
  }

  /** Pods are numbered from 1 for people. */
  static String podName(int pod) {
    return "pod-" + (pod + 1);
  }
}
