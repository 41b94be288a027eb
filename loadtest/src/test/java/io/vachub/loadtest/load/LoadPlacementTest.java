package io.vachub.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadPlacementTest {

  @Test
  void aStepOfTheRecordedLoadIsOneClient() {
    Load load = load(6, 3, 180);

    assertThat(IntStream.range(30, 60).map(load::channelOf)).allMatch(c -> c >= 3 && c < 6);
    assertThat(load.channelOf(30)).isEqualTo(3);
    assertThat(load.channelOf(31)).isEqualTo(4);
  }

  @Test
  void spreadsWhatCannotBeSharedOutEvenly() {
    Map<Integer, Long> streamsByChannel = streamsByChannel(load(3, 2, 11));

    assertThat(streamsByChannel).isEqualTo(Map.of(0, 2L, 1, 2L, 2, 2L, 3, 2L, 4, 2L, 5, 1L));
  }

  @Test
  void fewerStreamsThanChannelsLeaveChannelsOut() {
    assertThat(streamsByChannel(load(4, 2, 3))).isEqualTo(Map.of(0, 1L, 2, 1L, 4, 1L));
  }

  @Test
  void severalClientsAreNumbered() {
    assertThat(load(2, 3, 6).clientIdOf(2)).isEqualTo("client-1");
    assertThat(load(2, 3, 6).clientIdOf(3)).isEqualTo("client-2");
    assertThat(load(1, 3, 6).clientIdOf(2)).isEqualTo("client");
  }

  private static Map<Integer, Long> streamsByChannel(Load load) {
    return IntStream.range(0, load.streams())
        .mapToObj(load::channelOf)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static Load load(int clients, int channels, int streams) {
    return new Load(
        Rpc.PROCESS,
        clients,
        channels,
        streams,
        new Rate(5),
        32,
        Duration.ofSeconds(1),
        Ramp.NONE,
        HandoffConsent.ACCEPT,
        "client");
  }
}
