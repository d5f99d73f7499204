package dev.harpia.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.nn.optim.OneCycle;
import dev.harpia.nn.optim.Plateau;
import dev.harpia.nn.optim.Schedule;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every schedule's rates are PyTorch's, to nine digits. */
class ScheduleGoldenTest {
  @Test
  void allCasesAreThere() {
    assertThat(RecordedCase.ofGroup("sched")).hasSize(25);
  }

  @TestFactory
  Stream<DynamicTest> rates() {
    return RecordedCase.ofGroup("sched")
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)));
  }

  private static void check(RecordedCase c) {
    Schedule schedule = schedule(c);
    double[] rates = new double[c.doubles("out.lr").length];
    for (int k = 0; k < rates.length; k++) {
      rates[k] = schedule.at(k);
      if (schedule instanceof Plateau p) {
        p.report(c.doubles("in.metrics")[k]);
      }
    }
    same(c, "out.lr", rates);
    if (schedule instanceof OneCycle cycle) {
      Schedule momentum =
          cycle.momentum(c.number("base_momentum", 0.85), c.number("max_momentum", 0.95));
      double[] all = new double[rates.length];
      Arrays.setAll(all, momentum::at);
      same(c, "out.momentum", all);
    } else {
      assertThat(c.values().data()).doesNotContainKey("out.momentum");
    }
  }

  private static void same(RecordedCase c, String name, double[] got) {
    double[] expected = c.doubles(name);
    for (int i = 0; i < expected.length; i++) {
      // of each value, not of the largest: rates are below 1
      double allowed = c.atol() + c.rtol() * Math.abs(expected[i]);
      assertThat(got[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(allowed));
    }
  }

  private static Schedule schedule(RecordedCase c) {
    double rate = c.number("base_lr", Double.NaN);
    double gamma = c.number("gamma", Double.NaN);
    long total = (long) c.number("total_iters", 0);
    return switch (c.op().replace("Sched", "")) {
      case "StepLR" -> Schedule.step(rate, (long) c.number("step_size", 0), gamma);
      case "MultiStepLR" ->
          Schedule.multiStep(
              rate,
              gamma,
              Arrays.stream(c.numbers("milestones")).mapToLong(m -> (long) m).toArray());
      case "ExponentialLR" -> Schedule.exponential(rate, gamma);
      case "CosineAnnealingLR" ->
          Schedule.annealing(rate, c.number("eta_min", 0), (long) c.number("T_max", 0));
      case "CosineAnnealingWarmRestarts" ->
          Schedule.warmRestarts(
              rate, c.number("eta_min", 0), (long) c.number("T_0", 0), (int) c.number("T_mult", 1));
      case "OneCycleLR" -> {
        OneCycle one =
            OneCycle.of(c.number("max_lr", 0), (long) c.number("total_steps", 0))
                .rise(c.number("pct_start", 0.3));
        one = c.text("anneal_strategy").equals("linear") ? one.byLines() : one;
        yield c.flag("three_phase") ? one.inThreePhases() : one;
      }
      case "LinearLR" ->
          Schedule.linear(rate, c.number("start_factor", 0), c.number("end_factor", 0), total);
      case "ConstantLR" -> Schedule.constant(rate, c.number("factor", 0), total);
      case "PolynomialLR" -> Schedule.polynomial(rate, total, c.number("power", 0));
      case "LambdaLR" -> e -> rate * Math.min((e + 1) / 10.0, 1) * Math.pow(0.97, (double) e);
      case "MultiplicativeLR" -> {
        double factor = c.number("factor", 0);
        yield Schedule.multiplicative(rate, k -> factor);
      }
      case "CyclicLR" -> {
        long up = (long) c.number("step_size_up", 0);
        Schedule.Amplitude amplitude =
            switch (c.text("mode")) {
              case "triangular" -> Schedule.Amplitude.EQUAL;
              case "triangular2" -> Schedule.Amplitude.HALVING;
              default -> Schedule.Amplitude.decaying(gamma);
            };
        // the manifest's base_lr is the optimizer's, which the recorded cycle replaced by 0.01
        yield Schedule.cyclic(0.01, c.number("max_lr", 0), up, up, amplitude);
      }
      case "SequentialLR" ->
          Schedule.linear(rate, 0.1, 1, 5)
              .then((long) c.number("milestone", 0), Schedule.annealing(rate, 0, 45));
      case "ReduceLROnPlateau" -> plateau(c, rate);
      default -> throw new IllegalArgumentException(c.op());
    };
  }

  private static Plateau plateau(RecordedCase c, double rate) {
    Plateau p =
        new Plateau(rate)
            .factor(c.number("factor", 0.1))
            .patience((int) c.number("patience", 10))
            .cooldown((int) c.number("cooldown", 0))
            .least(c.number("min_lr", 0));
    double threshold = c.number("threshold", 1e-4);
    p =
        c.text("threshold_mode").equals("abs")
            ? p.absoluteThreshold(threshold)
            : p.threshold(threshold);
    return c.text("mode").equals("max") ? p.higherIsBetter() : p;
  }
}
