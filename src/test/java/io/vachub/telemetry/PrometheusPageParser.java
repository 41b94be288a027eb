package io.vachub.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a metrics page with Prometheus' own parser, that of its Python client. */
final class PrometheusPageParser {

  /** A metric family: its type and the labels of its samples. */
  record Family(String type, List<Map<String, String>> labels) {

    Set<String> labelValues(String label) {
      Set<String> values = new HashSet<>();
      labels.forEach(each -> values.add(each.get(label)));
      return values;
    }
  }

  private static final String SCRIPT =
      """
      import sys
      from prometheus_client.parser import text_string_to_metric_families
      for family in text_string_to_metric_families(sys.stdin.read()):
          for sample in family.samples:
              labels = "\\t".join(key + "=" + value for key, value in sample.labels.items())
              print(family.name + "\\t" + family.type + ("\\t" + labels if labels else ""))
      """;

  private PrometheusPageParser() {}

  /** The families by name; skips the test where Python's prometheus_client is missing. */
  static Map<String, Family> parse(String page) {
    assumeThat(python("import prometheus_client", "").exitCode())
        .as("Python with prometheus_client (pip install prometheus_client)")
        .isZero();
    Result result = python(SCRIPT, page);
    assertThat(result.exitCode()).as(result.output()).isZero();
    Map<String, Family> families = new HashMap<>();
    for (String line : result.output().lines().toList()) {
      String[] fields = line.split("\t");
      Map<String, String> labels = new HashMap<>();
      for (int i = 2; i < fields.length; i++) {
        String[] label = fields[i].split("=", 2);
        labels.put(label[0], label[1]);
      }
      families
          .computeIfAbsent(fields[0], name -> new Family(fields[1], new ArrayList<>()))
          .labels()
          .add(labels);
    }
    return families;
  }

  private record Result(int exitCode, String output) {}

  private static Result python(String script, String input) {
    try {
      Process process =
          new ProcessBuilder("python3", "-c", script).redirectErrorStream(true).start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
