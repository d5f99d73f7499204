package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Rng;
import org.junit.jupiter.api.Test;

/** The accounts of the market, and that nobody can look ahead. */
final class MarketTest {
  @Test
  void theRewardIsThePositionTimesTomorrowsReturnLessTheCost() {
    Market market = new Market(Regime.TRENDING);
    market.reset(1);
    double before = Double.NaN;
    int[] actions = {2, 2, 0, 1, 1, 2};
    int position = 0;
    for (int action : actions) {
      Step step = market.step(action);
      double price = step.info().getOrDefault("price", Double.NaN);
      if (!Double.isNaN(before)) {
        double expected =
            100 * (action - 1) * Math.log(price / before)
                - Market.COST * Math.abs(action - 1 - position);
        assertThat(step.reward()).isCloseTo(expected, within(1e-9));
        assertThat(step.observation()[0])
            .isCloseTo((float) (Math.log(price / before) / 0.01), within(1e-4f));
      }
      position = action - 1;
      assertThat(step.observation()[10]).isEqualTo(position);
      before = price;
    }
  }

  @Test
  void aYearIsCutOffAndDoesNotTerminate() {
    Market market = new Market(Regime.MIXED);
    market.reset(1);
    Step step = market.step(1);
    for (int day = 2; day <= 250; day++) {
      assertThat(step.done()).isFalse();
      step = market.step(1);
    }
    assertThat(step.truncated()).isTrue();
    assertThat(step.terminated()).isFalse();
  }

  /**
   * What is seen on a day is the same whatever comes after it: the prices of two markets that part
   * ways on a day are the same to the eye up to that day, and the reward of the day before is, too.
   */
  @Test
  void whatComesLaterIsNotSeen() {
    for (int parting : new int[] {1, 7, 100}) {
      Forked forked = new Forked(parting);
      double[][] one = forked.play(1);
      double[][] other = forked.play(2);
      for (int day = 0; day < parting; day++) {
        assertThat(other[day]).as("day %d of %d", day, parting).isEqualTo(one[day]);
      }
      assertThat(other[parting]).isNotEqualTo(one[parting]);
    }
  }

  /** The same agent in the same market up to a day, and in another one from then on. */
  private record Forked(int parting) {
    /** For each day: what was seen before the decision, and the reward that came before. */
    double[][] play(long fate) {
      Market market = new Market(Regime.MIXED);
      Rng rng = new Rng(5);
      float[] seen = market.begin(rng);
      double[][] days = new double[parting + 1][];
      double reward = 0;
      for (int day = 0; day <= parting; day++) {
        days[day] = new double[seen.length + 1];
        for (int i = 0; i < seen.length; i++) {
          days[day][i] = seen[i];
        }
        days[day][seen.length] = reward;
        Step step = market.advance(day % 3, day < parting - 1 ? rng : new Rng(fate));
        seen = step.observation();
        reward = step.reward();
      }
      return days;
    }
  }

  /**
   * On prices that only chance moves nobody earns: rules of all kinds lose their costs, within five
   * standard errors; and the test would notice, as who knows tomorrow earns a fortune.
   */
  @Test
  void onPricesByChanceNobodyEarns() {
    Agent<Integer> follow = seen -> seen[0] > 0 ? 2 : 0;
    Agent<Integer> oppose = seen -> seen[0] > 0 ? 0 : 2;
    Agent<Integer> average = seen -> seen[9] > 0 ? 2 : 0;
    for (Agent<Integer> agent : java.util.List.of(follow, oppose, average)) {
      Evaluation years = Evaluation.of(new Market(Regime.RANDOM), agent, 200, 1);
      assertThat(years.mean()).isLessThan(5 * years.std() / Math.sqrt(200));
    }
    Market market = new Market(Regime.RANDOM);
    Market tomorrow = new Market(Regime.RANDOM); // a day ahead of the other, with the same seed
    double sum = 0;
    market.reset(9);
    tomorrow.reset(9);
    Step ahead = tomorrow.step(1);
    for (int day = 1; day < 250; day++) {
      sum += market.step(ahead.observation()[0] > 0 ? 2 : 0).reward();
      ahead = tomorrow.step(1);
    }
    assertThat(sum).isGreaterThan(100);
  }

  @Test
  void theRegimesAreWhatTheySay() {
    // buy after a fall and sell after a rise, or go along with the last weeks
    Agent<Integer> back = seen -> seen[8] < 0 ? 2 : 0;
    Agent<Integer> along = seen -> seen[8] > 0 ? 2 : 0;
    assertThat(mean(Regime.MEAN_REVERTING, back)).isGreaterThan(5);
    assertThat(mean(Regime.MEAN_REVERTING, along)).isLessThan(-5);
    assertThat(mean(Regime.TRENDING, along)).isGreaterThan(20);
    assertThat(mean(Regime.TRENDING, back)).isLessThan(-20);
  }

  private static double mean(Regime regime, Agent<Integer> agent) {
    return Evaluation.of(new Market(regime), agent, 100, 3).mean();
  }
}
