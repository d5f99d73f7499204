package dev.harpia.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void warmupThenHalfACosine() {
    Schedule s = Schedule.cosine(1, 4, 14);
    assertThat(s.at(0)).isEqualTo(0.25);
    assertThat(s.at(3)).isEqualTo(1);
    assertThat(s.at(9)).isCloseTo(0.5, within(1e-12));
    assertThat(s.at(14)).isCloseTo(0, within(1e-12));
    assertThat(s.at(1000)).isCloseTo(0, within(1e-12));
  }

  @Test
  void theyCompose() {
    Schedule s = Schedule.constant(2).then(3, Schedule.exponential(1, 0.5)).times(k -> k + 1);
    assertThat(s.at(2)).isEqualTo(6);
    assertThat(s.at(3)).isEqualTo(4);
    assertThat(s.at(5)).isEqualTo(1.5);
  }

  @Test
  void productsDoNotDependOnTheOrderOfCalls() {
    Schedule s = Schedule.multiplicative(1, k -> 1 / (double) k);
    double five = s.at(5);
    assertThat(five).isCloseTo(1.0 / 120, within(1e-15));
    assertThat(s.at(2)).isEqualTo(0.5);
    assertThat(s.at(5)).isEqualTo(five);
  }

  @Test
  void oneCycleStaysAtItsEnd() {
    OneCycle c = OneCycle.of(1, 100);
    assertThat(c.at(0)).isCloseTo(0.04, within(1e-12));
    assertThat(c.at(29)).isCloseTo(1, within(1e-12));
    assertThat(c.at(99)).isCloseTo(4e-6, within(1e-12));
    assertThat(c.at(500)).isEqualTo(c.at(99));
    assertThat(c.momentum(0.85, 0.95).at(29)).isCloseTo(0.85, within(1e-12));
  }

  @Test
  void aPlateauGoesOnFromItsState() {
    double[] figures = {5, 4, 4, 4, 4, 3, 3, 3, 3, 3, Double.NaN, 3, 3};
    Plateau unbroken = new Plateau(1).factor(0.5).patience(1).cooldown(1);
    Plateau first = new Plateau(1).factor(0.5).patience(1).cooldown(1);
    Plateau second = new Plateau(1).factor(0.5).patience(1).cooldown(1);
    int fell = 0;
    for (int i = 0; i < figures.length; i++) {
      if (i == 4) {
        second.restore(first.state());
      }
      Plateau mine = i < 4 ? first : second;
      boolean now = unbroken.report(figures[i]);
      assertThat(mine.report(figures[i])).isEqualTo(now);
      assertThat(mine.state()).isEqualTo(unbroken.state());
      fell += now ? 1 : 0;
    }
    assertThat(unbroken.at(0)).isEqualTo(Math.scalb(1.0, -fell)).isLessThan(0.5);
  }

  @Test
  void wrongSettingsAreNamed() {
    assertThatThrownBy(() -> Schedule.step(0.1, 0, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step: every 0: must be at least 1");
    assertThatThrownBy(() -> Schedule.annealing(Double.NaN, 0, 5))
        .hasMessage("learning rate NaN: must be a number of at least 0");
    assertThatThrownBy(() -> OneCycle.of(1, 1)).hasMessageContaining("one cycle: steps 1");
    assertThatThrownBy(() -> OneCycle.of(1, 10).rise(1)).hasMessageContaining("rise 1.0");
    assertThatThrownBy(() -> new Plateau(1).factor(1)).hasMessageContaining("factor 1.0");
  }
}
