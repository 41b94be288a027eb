package io.vachub.loadtest.counters;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.counters.Exposition.Series;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {

  @Test
  void readsNamesLabelsAndValues() {
    assertThat(
            Exposition.parse(
                """
                # HELP a_total Something {with="braces"} 1
                # TYPE a_total counter
                a_total 10.0
                a_total{x="1"} 1.5E1 1700000000
                b{path="/a b}\\" 7",x="\\\\n\\n"} +Inf
                c{} NaN # {trace_id="1"} 2
                <html>
                d{x="1" 2
                """))
        .containsExactly(
            new Series("a_total", Map.of(), 10),
            new Series("a_total", Map.of("x", "1"), 15),
            new Series("b", Map.of("path", "/a b}\" 7", "x", "\\n\n"), Double.POSITIVE_INFINITY),
            new Series("c", Map.of(), Double.NaN));
  }
}
