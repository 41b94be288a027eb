package io.vachub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients to copy of other languages pass their own tests. */
class OtherLanguagesTest {

  @ParameterizedTest
  @EnumSource(names = {"PYTHON", "GO", "NODE"})
  void passesItsOwnTests(ClientProgram client) throws Exception {
    Process tests = client.tests().redirectErrorStream(true).start();
    String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tests.waitFor()).as(output).isZero();
  }
}
