package io.vachub.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vachub.policy.Fleet.Peer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which peers count, and what the fleet's mean is. */
class FleetTest {

  private static final Revision OLD = new Revision("5d4f", 1_000);
  private static final Revision NEW = new Revision("7c9b", 2_000);

  @Test
  void theMeanCountsThisPodToo() {
    assertThat(fleet(10, 20).mean(30)).isEqualTo(20);
    assertThat(Fleet.UNKNOWN.mean(30)).isEqualTo(30);
  }

  @Test
  void newPodsThatAreEmptyCountInFull() {
    assertThat(fleet(20, 20, 20, 0).mean(20)).isEqualTo(16);
    assertThat(fleet(20, 20, 0, 0, 0).mean(20)).isEqualTo(10);
  }

  @Test
  void theFewThatLieHighChangeLittle() {
    assertThat(fleet(10, 10, 10).mean(10)).isEqualTo(10);
    assertThat(fleet(10, 10, Integer.MAX_VALUE).mean(10)).isEqualTo(10);
    int[] peers = IntStream.range(0, 32).map(i -> i < 8 ? Integer.MAX_VALUE : 10).toArray();
    assertThat(fleet(peers).mean(10)).isEqualTo(10);
  }

  @Test
  void honestPodsByChanceUnevenHaveNearlyTheirMean() {
    assertThat(fleet(22, 20, 18, 19, 21, 17, 23).mean(20)).isCloseTo(20, within(0.5));
  }

  @Test
  void podsThatLeaveAreNoPlaceForStreams() {
    Fleet fleet =
        Fleet.of(OLD, 3, 3, List.of(peer(0, OLD, true), peer(4, OLD, true), peer(9, OLD, false)));

    assertThat(fleet.streams()).containsExactly(9);
    assertThat(fleet.going()).containsExactly(0, 4);
    assertThat(fleet.isKnown()).isTrue();
    assertThat(fleet.isOutdated()).isFalse();
  }

  @Test
  void inARolloutOnlyNewPodsAreAPlaceForStreams() {
    List<Peer> answers = List.of(peer(30, OLD, false), peer(1, NEW, false), peer(2, NEW, false));

    Fleet seenByOld = Fleet.of(OLD, 3, 3, answers);
    Fleet seenByNew = Fleet.of(NEW, 3, 3, answers);

    assertThat(seenByOld.isOutdated()).isTrue();
    assertThat(seenByOld.streams()).containsExactly(1, 2);
    assertThat(seenByOld.newer()).isEqualTo(2);
    assertThat(seenByNew.isOutdated()).isFalse();
    assertThat(seenByNew.streams()).containsExactly(1, 2);
  }

  @Test
  void aRollbackMakesAnOldTemplateTheCurrentOne() {
    Revision again = new Revision(OLD.hash(), 3_000);

    assertThat(Fleet.of(NEW, 1, 1, List.of(peer(0, again, false))).isOutdated()).isTrue();
    assertThat(
            Fleet.of(OLD, 2, 2, List.of(peer(0, again, false), peer(0, NEW, false))).isOutdated())
        .isFalse();
  }

  @Test
  void aNewPodThatLeavesMakesNoPodOutdated() {
    assertThat(Fleet.of(OLD, 1, 1, List.of(peer(0, NEW, true))).isOutdated()).isFalse();
  }

  @Test
  void aNewPodThatLeavesTakesNoPlaceFromTheOldOnes() {
    Fleet fleet = Fleet.of(OLD, 2, 2, List.of(peer(0, NEW, true), peer(5, OLD, false)));

    assertThat(fleet.streams()).containsExactly(5);
    assertThat(fleet.going()).containsExactly(0);
  }

  @Test
  void aPodOfNoKnownRevisionHidesNoNewOne() {
    assertThat(
            Fleet.of(OLD, 2, 2, List.of(peer(5, Revision.UNKNOWN, false), peer(5, NEW, false)))
                .isOutdated())
        .isTrue();
  }

  @Test
  void ofTwoRevisionsThatStartedAtOnceNeitherIsOutdated() {
    Revision same = new Revision(NEW.hash(), OLD.startedAtMillis());

    assertThat(Fleet.of(OLD, 1, 1, List.of(peer(0, same, false))).isOutdated()).isFalse();
    assertThat(Fleet.of(same, 1, 1, List.of(peer(0, OLD, false))).isOutdated()).isFalse();
  }

  @Test
  void whatThoseThatGoHoldComesToTheOthersInEqualShares() {
    Fleet fleet = new Fleet(6, 6, 6, List.of(10, 10, 10, 0), List.of(20, 4), 0);

    // 10 + 4 come, for no pod that goes is believed to hold more than the fullest.
    assertThat(fleet.meanToCome(10)).isCloseTo(8 + 14 / 5.0, within(1e-9));
    assertThat(fleet.meanToComeOfTaking(10)).isCloseTo(10 + 14 / 4.0, within(1e-9));
    assertThat(fleet.meanOfPeers()).isCloseTo(7.5, within(1e-9));
    assertThat(fleet.meanOfAll(12)).isCloseTo(66 / 7.0, within(1e-9));
  }

  @Test
  void outsideOfKubernetesNoPodIsOutdated() {
    assertThat(Fleet.of(Revision.UNKNOWN, 1, 1, List.of(peer(5, NEW, false))).isOutdated())
        .isFalse();
    Fleet fleet = Fleet.of(OLD, 1, 1, List.of(peer(5, Revision.UNKNOWN, false)));
    assertThat(fleet.isOutdated()).isFalse();
    assertThat(fleet.streams()).containsExactly(5);
  }

  @Test
  void isKnownOnceHalfOfThoseAskedAnswered() {
    assertThat(new Fleet(9, 9, 4, List.of(1, 1, 1, 1), List.of(), 0).isKnown()).isFalse();
    assertThat(new Fleet(9, 9, 5, List.of(1), List.of(), 0).isKnown()).isTrue();
    assertThat(new Fleet(9, 9, 9, List.of(), List.of(), 0).isKnown()).isFalse();
    assertThat(Fleet.UNKNOWN.isKnown()).isFalse();
  }

  private static Peer peer(int streams, Revision revision, boolean leaving) {
    return new Peer(streams, revision, leaving);
  }

  private static Fleet fleet(int... streams) {
    List<Integer> counts = IntStream.of(streams).boxed().toList();
    return new Fleet(counts.size(), counts.size(), counts.size(), counts, List.of(), 0);
  }
}
