package io.vachub.loadtest.load;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many streams should be open at a time. */
public interface LoadCurve {

  /** The streams that should be open, so many seconds after the start. */
  int streamsAt(int second);

  /** The maximum. */
  int most();

  /** When it ends, or empty if it has no end. */
  default Optional<Duration> lasts() {
    return Optional.empty();
  }

  /** What {@link #stages} accepts. */
  String STAGES = "streams@duration, separated by commas, such as 30@1m,180@10m,60@5m";

  /**
   * Reads how many streams there are for how long.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static LoadCurve stages(String text) {
    TreeMap<Long, Integer> steps = new TreeMap<>();
    Duration end = Duration.ZERO;
    for (String stage : text.split(",", -1)) {
      String[] parts = stage.strip().split("@", -1);
      if (parts.length != 2 || !parts[0].matches("\\d{1,9}")) {
        throw new IllegalArgumentException(STAGES);
      }
      steps.put(end.toMillis(), Integer.parseInt(parts[0]));
      try {
        end = end.plus(Durations.parse(parts[1]));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(STAGES, e);
      }
    }
    return new Steps(steps, end.toMillis());
  }

  /**
   * Keeps each of these numbers of streams until the next.
   *
   * @param steps the streams from each millisecond on
   * @param lasts how long it says something new
   */
  static LoadCurve steps(SortedMap<Long, Integer> steps, Duration lasts) {
    return new Steps(steps, lasts.toMillis());
  }

  /** All streams of a load, in the steps of its ramp. */
  static LoadCurve ramp(Ramp ramp, int streams) {
    return new LoadCurve() {
      @Override
      public int streamsAt(int second) {
        return ramp.begunAfter(Duration.ofSeconds(second), streams);
      }

      @Override
      public int most() {
        return streams;
      }
    };
  }

  /**
   * Days of 24 hours that begin at the quietest hour.
   *
   * @param streams the most, at noon
   * @param low the share of them that there is at midnight, 0 to 1
   */
  static LoadCurve daily(int streams, double low) {
    return new Days(streams, low);
  }

  /** Reads a curve of stages or of days as its {@code toString} writes it. */
  static LoadCurve parse(String text) {
    return text.startsWith(Days.PREFIX) ? Days.parse(text) : stages(text);
  }

  /**
   * Reads a CSV file with a header: the column {@code second} (or {@code seconds}), and the column
   * {@code planned_streams} (or {@code streams}) that holds from then on. The load tester writes
   * such files.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static LoadCurve read(Path csv) {
    List<String> lines;
    try {
      lines = Files.readAllLines(csv);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a CSV file in UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("a readable CSV file", e);
    }
    if (lines.stream().filter(line -> !line.isBlank()).count() < 2) {
      throw new IllegalArgumentException("a CSV file with a header and at least one row");
    }
    String first = lines.get(0).startsWith("\uFEFF") ? lines.get(0).substring(1) : lines.get(0);
    char separator = first.contains(",") || !first.contains(";") ? ',' : ';';
    List<String> header = cells(first, separator);
    int seconds = column(header, "second", "seconds");
    int streams = column(header, "planned_streams", "streams");
    TreeMap<Long, Integer> steps = new TreeMap<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      List<String> cells = cells(lines.get(i), separator);
      try {
        double at = Double.parseDouble(cells.get(seconds));
        int planned = Integer.parseInt(cells.get(streams));
        if (at >= 0 && at < Integer.MAX_VALUE && planned >= 0) {
          steps.put(Math.round(at * 1e3), planned);
          continue;
        }
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          "seconds and whole streams of 0 or more in line %d, not %s"
              .formatted(i + 1, lines.get(i)));
    }
    return new Steps(steps, steps.lastKey());
  }

  /** The cells of a line; one in quotes may hold the separator. */
  private static List<String> cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : line.toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private static int column(List<String> header, String name, String other) {
    int column = Math.max(header.indexOf(name), header.indexOf(other));
    if (column < 0) {
      throw new IllegalArgumentException("a column %s or %s in its header".formatted(name, other));
    }
    return column;
  }

  /** Days of 24 hours. */
  record Days(int streams, double low) implements LoadCurve {

    private static final String PREFIX = "daily:";

    private static Days parse(String text) {
      String[] parts = text.substring(PREFIX.length()).split("@", 2);
      return new Days(Integer.parseInt(parts[0]), Double.parseDouble(parts[1]));
    }

    @Override
    public int streamsAt(int second) {
      double height = (1 - Math.cos(2 * Math.PI * second / Duration.ofDays(1).toSeconds())) / 2;
      return (int) Math.round(streams * (low + (1 - low) * height));
    }

    @Override
    public int most() {
      return streams;
    }

    @Override
    public String toString() {
      return PREFIX + streams + "@" + low;
    }
  }

  /**
   * A curve that keeps each value until the next, and the last of them.
   *
   * @param steps the streams from each millisecond on
   * @param end the millisecond after which it says nothing new
   */
  record Steps(SortedMap<Long, Integer> steps, long end) implements LoadCurve {

    /** Steps that change nothing are left out; before the first there is no stream. */
    public Steps {
      TreeMap<Long, Integer> changes = new TreeMap<>(Map.of(0L, 0));
      steps.forEach(
          (at, streams) -> {
            if (at == 0 || !changes.lastEntry().getValue().equals(streams)) {
              changes.put(at, streams);
            }
          });
      steps = Collections.unmodifiableSortedMap(changes);
    }

    @Override
    public int streamsAt(int second) {
      return steps.get(steps.headMap(second * 1_000L + 1).lastKey());
    }

    @Override
    public int most() {
      return steps.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    @Override
    public Optional<Duration> lasts() {
      return Optional.of(Duration.ofMillis(end));
    }

    /** As {@link #stages} reads it. */
    @Override
    public String toString() {
      List<Long> times = new ArrayList<>(steps.keySet());
      times.add(end);
      List<String> stages = new ArrayList<>();
      for (int i = 0; i + 1 < times.size(); i++) {
        Duration length = Duration.ofMillis(times.get(i + 1) - times.get(i));
        stages.add(steps.get(times.get(i)) + "@" + Durations.format(length));
      }
      return String.join(",", stages);
    }
  }
}
