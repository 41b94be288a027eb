package io.vachub.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge itself: a proof that could not fail would prove nothing. */
class LedgerTest {

  private Ledger ledger;

  @BeforeEach
  void newLedger(@TempDir Path directory) {
    ledger = new Ledger(directory);
  }

  @Test
  void findsNothingWhereAllIsProcessedOnce() throws IOException {
    write("a 1", "b 1", "a 2", "b 2", "a 3");

    assertThat(ledger.audit(Map.of("a", 3, "b", 2))).isEqualTo(new Ledger.Audit(5, 0, 0, 0));
  }

  @Test
  void findsWhatIsLost() throws IOException {
    write("a 1", "a 4");

    assertThat(ledger.audit(Map.of("a", 5, "b", 1)).lost()).isEqualTo(4);
  }

  @Test
  void findsWhatIsDoubled() throws IOException {
    write("a 1", "a 2", "a 1", "a 2", "a 3");

    assertThat(ledger.audit(Map.of("a", 3))).isEqualTo(new Ledger.Audit(3, 0, 2, 0));
  }

  @Test
  void findsWhatIsOutOfOrder() throws IOException {
    write("a 2", "a 1", "a 3");

    assertThat(ledger.audit(Map.of("a", 3))).isEqualTo(new Ledger.Audit(3, 0, 0, 1));
  }

  private void write(String... lines) throws IOException {
    Files.write(ledger.file(), List.of(lines));
  }
}
