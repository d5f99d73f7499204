package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Grid worlds, and the table that learns them. */
final class TabularQTest {
  @Test
  void theTableMovesTowardsItsTargetAndLooksNotPastTheEnd() {
    TabularQ q = new TabularQ(2, 2, 0.5, 0.9);
    q.learn(1, 0, new Step(new float[] {0}, 4, true, false, Map.of()));
    assertThat(q.value(1, 0)).isEqualTo(2);
    q.learn(0, 1, new Step(new float[] {1}, 1, false, false, Map.of()));
    assertThat(q.value(0, 1)).isCloseTo(0.5 * (1 + 0.9 * 2), within(1e-12));
    q.learn(0, 0, new Step(new float[] {1}, 1, true, false, Map.of()));
    assertThat(q.value(0, 0)).isEqualTo(0.5);
    q.learn(1, 1, new Step(new float[] {0}, 0, false, true, Map.of())); // cut off: it goes on
    assertThat(q.value(1, 1)).isCloseTo(0.5 * 0.9 * q.value(0, 1), within(1e-12));
  }

  @Test
  void theShortestWayAlongTheCliffIsFound() {
    TabularQ q = new TabularQ(48, 4, 0.5, 1);
    q.train(GridWorld.cliffWalking(), 500, Exploration.linear(0.1, 0.1, 1), 1);
    assertThat(Evaluation.of(GridWorld.cliffWalking(), q, 1, 1).mean()).isEqualTo(-13);
  }

  @Test
  void aFallLeadsBackToTheStartAndCostsAHundred() {
    Environment<Integer> world = GridWorld.cliffWalking();
    assertThat(world.reset(1)).containsExactly(36);
    Step fall = world.step(2);
    assertThat(fall.reward()).isEqualTo(-100);
    assertThat(fall.observation()).containsExactly(36);
    assertThat(fall.done()).isFalse();
  }

  @Test
  void theLakeIsCrossed() {
    TabularQ q = new TabularQ(16, 4, 0.5, 0.95);
    Environment<Integer> lake = GridWorld.frozenLake(false);
    q.train(lake, 1000, Exploration.linear(1, 0.1, 500), 1);
    assertThat(Evaluation.of(lake, q, 10, 1).mean()).isEqualTo(1);
  }

  @Test
  void slipperyIceIsHarderAndStillLearned() {
    TabularQ q = new TabularQ(16, 4, 0.05, 0.99);
    Environment<Integer> lake = GridWorld.frozenLake(true);
    q.train(lake, 10_000, Exploration.linear(1, 0.05, 5000), 1);
    // the best policy reaches the goal in about 74 of 100, walking at random in about 1.5
    assertThat(Evaluation.of(lake, q, 500, 1).mean()).isBetween(0.5, 0.9);
  }
}
