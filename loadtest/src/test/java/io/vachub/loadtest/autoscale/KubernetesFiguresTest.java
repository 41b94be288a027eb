package io.vachub.loadtest.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vachub.loadtest.autoscale.Hpa.Recommendation;
import io.vachub.loadtest.autoscale.HpaSettings.Behavior;
import io.vachub.loadtest.autoscale.PodMetric.Phase;
import io.vachub.loadtest.autoscale.ScaleEvents.Event;
import io.vachub.loadtest.autoscale.ScalingRules.Policy;
import io.vachub.loadtest.autoscale.ScalingRules.Select;
import io.vachub.loadtest.autoscale.ScalingRules.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What Kubernetes' own controller, version 1.37.2, decided in its own tests: the figures of each
 * decision, written down while they ran.
 */
class KubernetesFiguresTest {

  private static final Path FIGURES =
      Path.of("src/test/resources/autoscale/kubernetes-1.37.2.jsonl");

  /** Long after all that these decisions look back to. */
  private static final long NOW = Long.MAX_VALUE / 2;

  @TestFactory
  Stream<DynamicTest> decidesAsKubernetesDid() throws IOException {
    return Files.readAllLines(FIGURES).stream()
        .map(
            line ->
                DynamicTest.dynamicTest(
                    line,
                    () -> {
                      JsonObject figures = JsonParser.parseString(line).getAsJsonObject();
                      assertThat(decide(figures)).isEqualTo(expected(figures));
                    }));
  }

  /** A decision's outcome; of a stored change, the changes that are remembered. */
  private static Object decide(JsonObject figures) {
    return switch (figures.get("kind").getAsString()) {
      case "pods" ->
          calculator(figures)
              .byPods(
                  number(figures, "replicas"), figures.get("target").getAsLong(), pods(figures));
      case "resource" ->
          calculator(figures)
              .byCpu(
                  number(figures, "replicas"),
                  number(figures, "target"),
                  cpus(figures),
                  figures.get("init").getAsLong(),
                  figures.get("delay").getAsLong());
      case "external" ->
          OptionalInt.of(
              calculator(figures)
                  .bySum(
                      number(figures, "replicas"),
                      figures.get("target").getAsLong(),
                      LongStream.of(longs(figures)).reduce(0, KubernetesFiguresTest::capped)));
      case "rules" ->
          OptionalInt.of(
              hpa(figures, false)
                  .withinBounds(number(figures, "current"), number(figures, "proposal")));
      case "plain", "behavior" ->
          OptionalInt.of(
              hpa(figures, figures.has("up"))
                  .normalized(NOW, number(figures, "current"), number(figures, "proposal")));
      case "rate" ->
          OptionalInt.of(
              hpa(figures, true)
                  .atAllowedSpeed(
                      NOW,
                      number(figures, "current"),
                      number(figures, "proposal"),
                      new Behavior(rules(figures, "up"), rules(figures, "down"))));
      case "store" -> stored(figures);
      default -> throw new IllegalArgumentException(figures.toString());
    };
  }

  private static Object expected(JsonObject figures) {
    if (figures.get("kind").getAsString().equals("store")) {
      return List.of(pods(figures, "upsAfter"), pods(figures, "downsAfter"));
    }
    return figures.has("error") && figures.get("error").getAsBoolean()
        ? OptionalInt.empty()
        : OptionalInt.of(number(figures, "result"));
  }

  private static Object stored(JsonObject figures) {
    ScaleEvents ups = new ScaleEvents();
    ScaleEvents downs = new ScaleEvents();
    events(figures, "ups").forEach(ups::restore);
    events(figures, "downs").forEach(downs::restore);
    int change = number(figures, "result") - number(figures, "previous");
    if (change > 0) {
      ups.add(NOW, change, rules(figures, "up").longestPeriod());
    } else {
      downs.add(NOW, -change, rules(figures, "down").longestPeriod());
    }
    return List.of(
        ups.all().stream().map(Event::pods).toList(),
        downs.all().stream().map(Event::pods).toList());
  }

  private static List<Integer> pods(JsonObject figures, String name) {
    return events(figures, name).stream().map(Event::pods).toList();
  }

  private static ReplicaCalculator calculator(JsonObject figures) {
    return new ReplicaCalculator(
        new Tolerances(figures.get("up").getAsDouble(), figures.get("down").getAsDouble()));
  }

  private static Hpa hpa(JsonObject figures, boolean withBehavior) {
    Hpa hpa =
        new Hpa(
            new HpaSettings(
                number(figures, "min"),
                number(figures, "max"),
                1,
                new Tolerances(0.1, 0.1),
                withBehavior
                    ? Optional.of(new Behavior(rules(figures, "up"), rules(figures, "down")))
                    : Optional.empty()));
    List<Recommendation> earlier = new ArrayList<>();
    each(figures, "recs")
        .forEach(rec -> earlier.add(new Recommendation(ago(rec), number(rec, "replicas"))));
    hpa.remember(earlier, events(figures, "ups"), events(figures, "downs"));
    return hpa;
  }

  private static ScalingRules rules(JsonObject figures, String name) {
    JsonObject rules = figures.getAsJsonObject(name);
    return new ScalingRules(
        Duration.ofSeconds(rules.has("window") ? number(rules, "window") : 0),
        Select.valueOf(rules.get("select").getAsString().toUpperCase(java.util.Locale.ROOT)),
        each(rules, "policies")
            .map(
                policy ->
                    new Policy(
                        policy.get("type").getAsString().equals("Pods") ? Unit.PODS : Unit.PERCENT,
                        number(policy, "value"),
                        Duration.ofSeconds(number(policy, "period"))))
            .toList());
  }

  private static List<Event> events(JsonObject figures, String name) {
    return each(figures, name)
        .map(
            event ->
                new Event(
                    ago(event), number(event, "change"), event.get("outdated").getAsBoolean()))
        .toList();
  }

  private static List<PodMetric> pods(JsonObject figures) {
    return each(figures, "pods").map(pod -> new PodMetric(phase(pod), milli(pod))).toList();
  }

  private static List<PodCpu> cpus(JsonObject figures) {
    return each(figures, "pods")
        .map(
            pod ->
                new PodCpu(
                    phase(pod),
                    pod.get("request").getAsLong(),
                    milli(pod),
                    pod.get("sampledAgo").getAsLong(),
                    pod.get("window").getAsLong(),
                    OptionalLong.of(pod.get("startAgo").getAsLong()),
                    pod.get("ready").getAsString().equals("True"),
                    OptionalLong.of(pod.get("changedAgo").getAsLong())))
        .toList();
  }

  private static Phase phase(JsonObject pod) {
    String phase = pod.get("phase").getAsString();
    return pod.get("deleted").getAsBoolean() || phase.equals("Failed")
        ? Phase.TERMINATING
        : phase.equals("Pending") ? Phase.PENDING : Phase.RUNNING;
  }

  private static OptionalLong milli(JsonObject pod) {
    JsonElement milli = pod.get("milli");
    return milli.isJsonNull() ? OptionalLong.empty() : OptionalLong.of(milli.getAsLong());
  }

  private static long[] longs(JsonObject figures) {
    return StreamSupport.stream(figures.getAsJsonArray("values").spliterator(), false)
        .mapToLong(JsonElement::getAsLong)
        .toArray();
  }

  private static long capped(long a, long b) {
    return a + b < 0 ? Long.MAX_VALUE : a + b;
  }

  private static Stream<JsonObject> each(JsonObject figures, String name) {
    JsonArray array = figures.has(name) ? figures.getAsJsonArray(name) : new JsonArray();
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject);
  }

  private static long ago(JsonObject of) {
    return NOW - of.get("ago").getAsLong();
  }

  private static int number(JsonObject of, String name) {
    return of.get(name).getAsInt();
  }
}
