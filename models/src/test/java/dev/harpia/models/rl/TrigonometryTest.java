package dev.harpia.models.rl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.Rng;
import org.junit.jupiter.api.Test;

/** Sine and cosine against the JDK's, and bit by bit against recorded ones. */
final class TrigonometryTest {
  /** Angles, and what NumPy 1.24.2 gave for their sine and cosine on AVX-512. */
  private static final double[][] RECORDED = {
    {0.00709297482015403, 0.007092915345364818, 0.9999748449595639},
    {0.2702782177955612, 0.2669995645763927, 0.9636966496341144},
    {-0.21350423236821975, -0.21188586051494893, 0.9772944193608392},
    {0.2691896682823463, 0.26595037507549774, 0.9639867208614454},
    {-0.11290112879370873, -0.11266142947079506, 0.9936334345771566},
    {-0.046004130616454586, -0.045987905296245635, 0.9989419965976322},
    {0.2478639896466781, 0.24533378946902007, 0.9694386683771031},
    {-2.0893425147605527, -0.8685406326493269, -0.4956179672258734},
    {1.3360367515141256, 0.9725702944338885, 0.2326091622975751},
    {-2.967750727364386, -0.17296763511741242, -0.9849275086024807},
    {3.639518130779855, -0.47760394322953703, -0.8785752519913118},
    {5.754895171821662, -0.5040573196230719, 0.863670202412011},
    {-53.322349003252214, -0.08462477623580306, -0.9964128899442439},
    {79.89870654697853, -0.9776317887366366, -0.2103237638775147},
    {-37.720412532412126, -0.02129907861527157, 0.9997731488943584},
  };

  @Test
  void theBitsAreThoseOfTheRecording() {
    int unlike = 0;
    for (double[] row : RECORDED) {
      assertThat(Trigonometry.sin(row[0])).as("sin %s", row[0]).isEqualTo(row[1]);
      assertThat(Trigonometry.cos(row[0])).as("cos %s", row[0]).isEqualTo(row[2]);
      unlike += StrictMath.cos(row[0]) == row[2] ? 0 : 1;
    }
    assertThat(unlike).as("cosines that tell the two apart").isGreaterThan(4);
  }

  @Test
  void theyAreNearTheJdksEverywhere() {
    Rng rng = new Rng(1);
    for (int i = 0; i < 100_000; i++) {
      double x = (rng.uniformDouble() - 0.5) * (i % 2 == 0 ? 1 : 1000);
      // 4 units in the last place of what is at most 1, and of the angle where that is small
      assertThat(Trigonometry.sin(x)).isCloseTo(StrictMath.sin(x), within(x));
      assertThat(Trigonometry.cos(x)).isCloseTo(StrictMath.cos(x), within(x));
    }
    for (double x : new double[] {0, 1e-300, -1e-9, Math.PI, 2e7, -1e20}) {
      assertThat(Trigonometry.sin(x)).isCloseTo(StrictMath.sin(x), within(x));
      assertThat(Trigonometry.cos(x)).isCloseTo(StrictMath.cos(x), within(x));
    }
    assertThat(Trigonometry.sin(Double.NaN)).isNaN();
    assertThat(Trigonometry.cos(Double.POSITIVE_INFINITY)).isNaN();
  }

  private static org.assertj.core.data.Offset<Double> within(double x) {
    return org.assertj.core.api.Assertions.within(4 * Math.ulp(Math.min(1, Math.abs(x) + 0.5)));
  }
}
