package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function against the double-precision oracle: random sweeps and special values. */
class KernelAccuracyTest {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1,
    -1,
    0.5f,
    -0.5f,
    1.5f,
    2.5f,
    -2.5f,
    3,
    -3,
    Float.NaN,
    INF,
    -INF,
    Float.intBitsToFloat(0x7f800123),
    Float.intBitsToFloat(0xffc00fff), // other NaNs
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-39f,
    -1e-39f,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1e-8f,
    -1e-8f,
    1e-20f,
    -1e-20f,
    88.5f,
    88.73f,
    -87.2f,
    -88f,
    20,
    -20,
    100,
    -100,
    8388607.5f,
    8388609,
    -8388609,
    16777217,
    3e9f,
    -3e9f,
    -0.99999994f,
    1e30f
  };

  private static FloatArray run(ExprCases.Case c, FloatArray x) {
    FloatArray y = new FloatArray(x.size);
    Elementwise.unary(
        KernelCompiler.compile(c.name(), c.expr()), y.address(), x.address(), x.size, false);
    return y;
  }

  private static double oracle(ExprCases.Case c, float x) {
    return c.expr().eval(new double[] {x}, new double[0]);
  }

  @ParameterizedTest
  @MethodSource("dev.harpia.simd.ExprCases#functions")
  void functionsStayWithinTheirBound(ExprCases.Case c) {
    FloatArray x = sweep(c, 20_000);
    FloatArray y = run(c, x);
    for (int i = 0; i < x.size; i++) {
      double want = oracle(c, x.get(i));
      // the smallest normal number: below it results may be 0
      double unit = Math.ulp((float) Math.max(Math.abs(want), Float.MIN_NORMAL));
      double room = Math.abs(want) < Float.MIN_NORMAL ? Float.MIN_NORMAL : 0;
      if (Math.abs(want) > Float.MAX_VALUE || Double.isNaN(want)) {
        continue;
      }
      assertThat(Math.abs(y.get(i) - want))
          .as("%s(%s) = %s, should be %s", c, x.get(i), y.get(i), want)
          .isLessThanOrEqualTo(c.ulp() * unit + room);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.harpia.simd.ExprCases#activations")
  void activationsStayWithinTheirBound(ExprCases.Case c) {
    FloatArray x = sweep(c, 20_000);
    FloatArray y = run(c, x);
    for (int i = 0; i < x.size; i++) {
      double want = oracle(c, x.get(i));
      assertThat(Math.abs(y.get(i) - want))
          .as("%s(%s) = %s, should be %s", c, x.get(i), y.get(i), want)
          .isLessThanOrEqualTo(c.ulp() * Math.ulp((float) Math.max(Math.abs(want), 1)));
    }
  }

  /** Half of the values uniform in the range, half with magnitudes of all sizes within it. */
  private static FloatArray sweep(ExprCases.Case c, int count) {
    Random random = new Random(7);
    return new FloatArray(count)
        .fill(
            i -> {
              double end = i % 4 == 1 && c.from() < 0 ? c.from() : c.to();
              return i % 2 == 0
                  ? c.from() + (c.to() - c.from()) * random.nextDouble()
                  : end * StrictMath.exp(-40 * random.nextDouble());
            });
  }

  @ParameterizedTest
  @MethodSource("dev.harpia.simd.ExprCases#functions")
  void specialValuesAreAsDecided(ExprCases.Case c) {
    FloatArray x = new FloatArray(SPECIAL.length).fill(i -> 0);
    for (int i = 0; i < x.size; i++) {
      x.set(i, SPECIAL[i]);
    }
    FloatArray y = run(c, x);
    for (int i = 0; i < x.size; i++) {
      float in = x.get(i);
      double want = oracle(c, in);
      String what = c + "(" + in + ") = " + y.get(i) + ", should be " + want;
      boolean periodic = c.name().matches("sin|cos|tan|sinFar");
      if (Double.isNaN(want) || periodic && Math.abs(in) > 6.5e6) {
        assertThat(y.get(i)).as(what).isNaN();
      } else if (Math.abs(want) > Float.MAX_VALUE * (1 + 1e-7)) {
        assertThat(y.get(i)).as(what).isEqualTo((float) (Math.signum(want) * INF));
      } else if (want == 0 && !c.name().equals("max") && !c.name().equals("min")) {
        // of the right sign
        assertThat(y.get(i)).as(what).isZero();
        assertThat(1 / y.get(i)).as(what).isEqualTo((float) (1 / want));
      } else if (Math.abs(want) < Float.MIN_NORMAL) {
        assertThat((double) y.get(i))
            .as(what)
            .isBetween(Math.min(0, 2 * want), Math.max(0, 2 * want));
      } else {
        assertThat(Math.abs(y.get(i) - want))
            .as(what)
            .isLessThanOrEqualTo((c.ulp() + 1) * Math.ulp((float) want));
      }
    }
  }
}
