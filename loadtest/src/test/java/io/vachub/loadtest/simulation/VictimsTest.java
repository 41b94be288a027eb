package io.vachub.loadtest.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.vachub.loadtest.fleet.Pods;
import io.vachub.policy.Revision;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** The order is that of Kubernetes' {@code controller.ActivePodsWithRanks}. */
class VictimsTest {

  private static final int NOW = 3_600_000;

  private final Pods pods = new Pods();

  private int pod(Pods.State state, int secondsAgo) {
    int pod = pods.make(0, 0, Revision.UNKNOWN, null);
    pods.enter(state, pod, NOW - secondsAgo * 1_000);
    return pod;
  }

  /** All that are ever chosen of these. */
  private Set<Integer> chosen(IntPredicate candidates) {
    Set<Integer> chosen = new HashSet<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      chosen.add(Victims.choose(pods, candidates, NOW, random));
    }
    return chosen;
  }

  @Test
  void onePendingBeforeOneThatStartsBeforeOneThatServes() {
    int ready = pod(Pods.State.READY, 0);
    int pending = pod(Pods.State.PENDING, 60);
    int starting = pod(Pods.State.STARTING, 0);

    assertThat(chosen(pod -> true)).containsExactly(pending);
    assertThat(chosen(pod -> pod != pending)).containsExactly(starting);
    assertThat(chosen(pod -> pod == ready)).containsExactly(ready);
  }

  @Test
  void oneOfTheYoungestByTheLogarithmOfItsAge() {
    pod(Pods.State.READY, 3_000);
    int young = pod(Pods.State.READY, 100);
    int asYoung = pod(Pods.State.READY, 120);
    int alsoAsYoung = pod(Pods.State.READY, 70);
    pod(Pods.State.READY, 300);

    assertThat(chosen(pod -> true)).containsExactlyInAnyOrder(young, asYoung, alsoAsYoung);
  }

  @Test
  void noneThatShutsDownOrIsNoCandidate() {
    pod(Pods.State.QUIET, 1);
    pod(Pods.State.DRAINING, 1);
    pod(Pods.State.GONE, 1);
    int ready = pod(Pods.State.READY, 1);

    assertThat(chosen(pod -> true)).containsExactly(ready);
    assertThat(chosen(pod -> pod != ready)).containsExactly(-1);
  }
}
