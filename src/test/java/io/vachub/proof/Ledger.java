package io.vachub.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the servers processed, in the order in which they did: a file to which every server of a run
 * appends {@code <client> <number>} for each message, and which outlives a killed process.
 */
final class Ledger {

  /**
   * What the servers did with the messages 1 to n of each client.
   *
   * @param messages how many were to be processed
   * @param lost how many were processed by nobody
   * @param doubled how often one was processed again
   * @param disordered how many were processed after one with a higher number
   */
  record Audit(long messages, long lost, long doubled, long disordered) {

    boolean isExact() {
      return lost == 0 && doubled == 0 && disordered == 0;
    }
  }

  private final Path file;

  Ledger(Path directory) {
    this.file = directory.resolve("ledger");
  }

  Path file() {
    return file;
  }

  /** Compares what was processed with the highest number that each client was told of. */
  Audit audit(Map<String, Integer> highestByClient) {
    Map<String, List<Integer>> processed = read();
    long messages = 0;
    long lost = 0;
    long doubled = 0;
    long disordered = 0;
    for (Map.Entry<String, Integer> client : highestByClient.entrySet()) {
      int highest = client.getValue();
      messages += highest;
      BitSet seen = new BitSet();
      for (int number : processed.getOrDefault(client.getKey(), List.of())) {
        if (seen.get(number)) {
          doubled++;
        } else if (seen.length() > number) {
          disordered++;
        }
        seen.set(number);
      }
      lost += highest - seen.get(1, highest + 1).cardinality();
    }
    return new Audit(messages, lost, doubled, disordered);
  }

  /** The numbers that were processed of each client, in that order. */
  Map<String, List<Integer>> read() {
    try {
      Map<String, List<Integer>> processed = new HashMap<>();
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          int space = line.lastIndexOf(' ');
          processed
              .computeIfAbsent(line.substring(0, space), client -> new ArrayList<>())
              .add(Integer.parseInt(line.substring(space + 1)));
        }
      }
      return processed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
