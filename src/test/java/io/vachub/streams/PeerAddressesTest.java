package io.vachub.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressesTest {

  private static final int PORT = 9464;

  private final List<String> asked = new ArrayList<>();
  private int pods;
  private long nanoTime = Long.MAX_VALUE - 1;

  private final PeerAddresses fleet =
      new PeerAddresses("pods:" + PORT, PORT, this::addresses, () -> nanoTime);

  private static PeerAddresses real(String hostPorts) {
    return new PeerAddresses(hostPorts, PORT, InetAddress::getAllByName, System::nanoTime);
  }

  private InetAddress[] addresses(String name) throws UnknownHostException {
    asked.add(name);
    if (pods == 0) {
      throw new UnknownHostException(name);
    }
    InetAddress[] addresses = new InetAddress[pods];
    for (int i = 0; i < pods; i++) {
      addresses[i] = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
    }
    return addresses;
  }

  private void pass(Duration time) {
    nanoTime += time.toNanos();
  }

  @Test
  void knowsEveryAddressOfItsNames() {
    assertThat(real("127.0.0.2:1,127.0.0.3:2, 127.0.0.2:1").others())
        .containsExactlyInAnyOrder(
            new InetSocketAddress("127.0.0.2", 1), new InetSocketAddress("127.0.0.3", 2));
  }

  @Test
  void isNotAPeerOfItself() {
    assertThat(real("127.0.0.1:" + PORT).others()).isEmpty();
    assertThat(real("127.0.0.1:1").others()).hasSize(1);
  }

  @Test
  void seesASmallFleetGrowWithinAnInterval() {
    pods = 100;
    assertThat(fleet.others()).hasSize(100);
    pods = 200;
    pass(Duration.ofSeconds(1));

    assertThat(fleet.others()).hasSize(200);
  }

  @Test
  void asksForALargeFleetLessOften() {
    pods = 4_000;
    fleet.others();
    pods = 5_000;
    pass(Duration.ofMillis(39_999));
    assertThat(fleet.others()).hasSize(4_000);
    assertThat(asked).hasSize(1);

    pass(Duration.ofMillis(1));
    assertThat(fleet.others()).hasSize(5_000);
  }

  @Test
  void asksAgainWhereThereWasNoAddress() {
    assertThat(fleet.others()).isEmpty();
    pods = 3;

    assertThat(fleet.others()).hasSize(3);
  }

  @Test
  void anIpv6AddressIsInBrackets() {
    assertThat(real("[::1]:1").others()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "host:",
        ":",
        "host:port",
        ":9464",
        "host:0",
        "host:70000",
        "http://host:9464"
      })
  void refusesWhatIsNotHostAndPort(String peers) {
    assertThatThrownBy(() -> real(peers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(peers);
  }
}
