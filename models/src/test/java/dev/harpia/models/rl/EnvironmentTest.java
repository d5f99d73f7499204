package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.harpia.tensor.Rng;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of episodes, spaces and wrappers. */
final class EnvironmentTest {
  @Test
  void anActionOutOfRangeIsRefusedAndTheEpisodeGoesOn() {
    Environment<Integer> e = CartPole.v1();
    e.reset(1);
    assertThatThrownBy(() -> e.step(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CartPole: step: action 2: must be of Discrete[n=2]");
    assertThatThrownBy(() -> e.step(-1)).hasMessageContaining("action -1");
    assertThat(e.step(1).reward()).isEqualTo(1);
  }

  @Test
  void aVectorMustHaveItsLengthAndBeNumbersAndIsClipped() {
    Environment<float[]> e = Pendulum.v1();
    e.reset(1);
    assertThatThrownBy(() -> e.step(new float[2]))
        .hasMessage("Pendulum: step: action [0.0, 0.0]: must be 1 number(s)");
    assertThatThrownBy(() -> e.step(new float[] {Float.NaN})).hasMessageContaining("NaN");
    Environment<float[]> f = Pendulum.v1();
    f.reset(1);
    assertThat(e.step(new float[] {50}).observation())
        .isEqualTo(f.step(new float[] {2}).observation());
  }

  @Test
  void anEpisodeIsBegunBeforeItIsActedInAndNotActedInAfterItsEnd() {
    Environment<Integer> e = CartPole.bare();
    assertThatThrownBy(() -> e.step(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("CartPole: step: no episode has begun; call reset() first");
    e.reset(3);
    while (!e.step(0).terminated()) {}
    assertThatThrownBy(() -> e.step(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("CartPole: step: the episode is over; call reset() first");
    e.reset();
    assertThat(e.step(0).terminated()).isFalse();
  }

  @Test
  void theSeedFixesTheEpisodesThatFollow() {
    Environment<Integer> a = CartPole.v1();
    Environment<Integer> b = CartPole.v1();
    assertThat(a.reset(7)).isEqualTo(b.reset(7)).isNotEqualTo(CartPole.v1().reset(8));
    assertThat(a.reset()).isEqualTo(b.reset()).isNotEqualTo(a.reset());
  }

  @Test
  void theTimeLimitTruncatesAndDoesNotTerminate() {
    Environment<Integer> e = new TimeLimit<>(MountainCar.bare(), 3);
    e.reset(1);
    assertThat(e.step(1).done()).isFalse();
    assertThat(e.step(1).done()).isFalse();
    Step last = e.step(1);
    assertThat(last.truncated()).isTrue();
    assertThat(last.terminated()).isFalse();
    assertThatThrownBy(() -> e.step(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cut off after 3 steps");
    e.reset();
    assertThat(e.step(1).done()).isFalse();
  }

  @Test
  void theFrameStackKeepsTheLastObservationsOldestFirst() {
    Environment<Integer> plain = CartPole.v1();
    Environment<Integer> stacked = new FrameStack<>(CartPole.v1(), 2);
    float[] first = plain.reset(5);
    assertThat(stacked.reset(5)).isEqualTo(join(first, first));
    float[] second = plain.step(1).observation();
    assertThat(stacked.step(1).observation()).isEqualTo(join(first, second));
    float[] third = plain.step(0).observation();
    assertThat(stacked.step(0).observation()).isEqualTo(join(second, third));
    assertThat(stacked.observationSize()).isEqualTo(8);
  }

  private static float[] join(float[] a, float[] b) {
    float[] all = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  @Test
  void rewardsAreHeldWithinBounds() {
    Environment<Integer> e = new RewardClip<>(MountainCar.v0(), -0.5, 0.5);
    e.reset(1);
    assertThat(e.step(1).reward()).isEqualTo(-0.5);
  }

  @Test
  void copiesAreResetWhereTheirEpisodesEnd() {
    var all = new VectorEnvironment<>(() -> new TimeLimit<>(CartPole.bare(), 2), 2);
    float[] start = all.reset(9).clone();
    assertThat(java.util.Arrays.copyOfRange(start, 4, 8)).isEqualTo(CartPole.v1().reset(10));
    all.step(List.of(0, 1));
    List<Step> ended = all.step(List.of(0, 1));
    assertThat(ended).allMatch(Step::truncated);
    Environment<Integer> alone = CartPole.v1();
    alone.reset(9);
    alone.step(0);
    assertThat(ended.get(0).observation()).isEqualTo(alone.step(0).observation());
    assertThat(java.util.Arrays.copyOf(all.observations(), 4)).isEqualTo(alone.reset());
    assertThatThrownBy(() -> all.step(List.of(0))).hasMessageContaining("1 actions for 2 copies");
  }

  @Test
  void samplesAreOfTheirSpace() {
    Rng rng = new Rng(1);
    var box = new Space.Box(new float[] {-1, 2}, new float[] {1, 5});
    var discrete = new Space.Discrete(3);
    boolean[] drawn = new boolean[3];
    for (int i = 0; i < 100; i++) {
      assertThat(box.contains(box.sample(rng))).isTrue();
      drawn[discrete.sample(rng)] = true;
    }
    assertThat(drawn).containsOnly(true);
    assertThat(box.contains(new float[] {0, 1})).isFalse();
    assertThat(box.clip(new float[] {-3, 9})).containsExactly(-1, 5);
    assertThat(discrete.contains(3)).isFalse();
  }
}
