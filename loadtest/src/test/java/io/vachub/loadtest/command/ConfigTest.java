package io.vachub.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vachub.loadtest.StreamerServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {

  @TempDir private Path directory;

  @Test
  void aLoadMayStandInAFileAndTheCommandLineWins() throws Exception {
    try (StreamerServer server = StreamerServer.start("pod-a")) {
      Path json = directory.resolve("report.json");
      Path config =
          config(
              """
              target: %s
              plaintext: true
              quiet: false
              rate: 50
              stages: 2@1s,3@1s
              duration: 1s
              client-id: from-file
              assert:
                - lost==0
                - "cut==0"
              allow: [unsettled, unsent]
              json: %s
              """
                  .formatted(server.address(), json));

      CommandLineResult result =
          CommandLineResult.of(
              "run", "--config", config.toString(), "--rate=20", "--assert=sent>0");

      assertThat(result.err()).isEmpty();
      assertThat(result.exitCode()).isZero();
      JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
      JsonObject load = report.getAsJsonObject("load");
      assertThat(load.get("rate").getAsString()).isEqualTo("20");
      assertThat(load.get("duration").getAsString()).isEqualTo("1s");
      assertThat(load.get("client_id").getAsString()).isEqualTo("from-file");
      assertThat(report.getAsJsonArray("assertions")).hasSize(1);
      assertThat(server.received()).isNotEmpty();
    }
  }

  @Test
  void aSimulationMayStandInAFile() throws Exception {
    Path config = config("streams: 90\nrebalance: off\nvary:\n- seed=1,2\nassert: peak<1\n");

    CommandLineResult result =
        CommandLineResult.of("simulate", "--config=" + config, "--duration=5m", "--quiet");

    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).hasLineCount(2).contains("peak<1, seed=1", "peak<1, seed=2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate: fast | :1: rate: fast (expected: 0 or more messages per second, or max)",
        "target: here | :1: target: here (expected: host:port, several of them separated by commas, or dns:///host:port)",
        "rate: 5\\nstrems: 30 | :2: strems: no such option (nearest: streams)",
        "config: other.yaml | :1: config: no such option",
        "help: true | :1: help: no such option",
        "rate: 5\\nrate: 6 | :2: rate: twice (expected: once)",
        "rate: [5, 6] | :1: rate: a list (expected: one value)",
        "rate: | :1: rate: nothing (expected: a value)",
        "plaintext: maybe | :1: plaintext: maybe (expected: true or false)",
        "data: {a: 1} | :1: data: a map or a list (expected: text, in quotes where it holds JSON)",
        "assert: [cut==0, p99<1] | :1: assert: p99<1 (expected: one of ",
        "- rate: 5 | :1: the file: not a map (expected: a name and a value on each line, such as"
            + " rate: 5)",
        "rate: 5\\n\\tstreams: 5 | :2: ",
      })
  void whatIsWrongInAFileIsSaidWithItsPlace(String yaml, String sentence) throws Exception {
    Path config = config(yaml.replace("\\n", "\n").replace("\\t", "\t"));

    CommandLineResult result =
        yaml.startsWith("target")
            ? CommandLineResult.of("run", "--config", config.toString())
            : CommandLineResult.of("run", "127.0.0.1:1", "--config", config.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).startsWith(config + sentence);
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    assertThat(CommandLineResult.of("run", "127.0.0.1:1", "--config=missing.yaml").err())
        .isEqualToIgnoringNewLines("--config: missing.yaml (expected: a readable YAML file)");
  }

  private Path config(String yaml) throws Exception {
    return Files.writeString(directory.resolve("load.yaml"), yaml);
  }
}
