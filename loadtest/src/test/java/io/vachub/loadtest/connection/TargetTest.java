package io.vachub.loadtest.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @ValueSource(strings = {"localhost:50051", "10.0.0.1:1", "[::1]:65535"})
  void oneAddressKeepsOneConnection(String text) {
    Target target = Target.parse(text);

    assertThat(target).hasToString(text);
    assertThat(target.addresses()).singleElement().hasToString(text);
    assertThat(target.isRoundRobin()).isFalse();
  }

  @Test
  void severalAddressesAreGoneRound() {
    Target target = Target.parse("a:1,[::1]:2,c.example:3");

    assertThat(target.addresses())
        .map(Object::toString)
        .containsExactly("a:1", "[::1]:2", "c.example:3");
    assertThat(target.isRoundRobin()).isTrue();
  }

  @Test
  void theAddressesOfANameAreGoneRound() {
    Target target = Target.parse("dns:///hub.streams.svc:50051");

    assertThat(target.addresses()).singleElement().hasToString("hub.streams.svc:50051");
    assertThat(target.isRoundRobin()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "localhost:",
        ":50051",
        "localhost:0",
        "localhost:65536",
        "localhost:http",
        "::1:50051",
        "http://a:1",
        "a:1,",
        "a:1,,b:2",
        "a:1 b:2",
        "dns:///",
        "dns:///a",
        "dns:///a:1,b:2",
        "dns://8.8.8.8/a:1",
      })
  void anythingElseIsAnsweredWithWhatWasExpected(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Target.parse(text))
        .withMessage("host:port, several of them separated by commas, or dns:///host:port");
  }
}
