package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.Expr;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** x^y for all pairs of special values, by the rules of C, and on random pairs. */
class PowTest {
  private static final float[] VALUES = {
    0f,
    -0f,
    1,
    -1,
    0.5f,
    -0.5f,
    2,
    -2,
    3,
    -3,
    4,
    -4,
    2.5f,
    -2.5f,
    1e30f,
    -1e30f,
    16777215,
    16777216,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.MIN_VALUE,
    1e-39f,
    0.99999994f,
    1.0000001f
  };
  private static final Kernel POW = KernelCompiler.compile("pow", Expr.x(0).pow(Expr.x(1)));

  @Test
  void specialPairs() {
    int n = VALUES.length;
    FloatArray x = new FloatArray(n * n).fill(i -> VALUES[i / n]);
    FloatArray y = new FloatArray(n * n).fill(i -> VALUES[i % n]);
    check(x, y);
  }

  @Test
  void randomPairs() {
    Random random = new Random(5);
    FloatArray x = new FloatArray(20_000).fill(i -> StrictMath.exp(20 * random.nextGaussian()));
    FloatArray y = new FloatArray(20_000).fill(i -> 10 * random.nextGaussian());
    check(x, y);
  }

  private static void check(FloatArray x, FloatArray y) {
    FloatArray z = new FloatArray(x.size);
    Elementwise.binary(POW, z.address(), x.address(), y.address(), x.size, false);
    for (int i = 0; i < x.size; i++) {
      double want = Expr.x(0).pow(Expr.x(1)).eval(new double[] {x.get(i), y.get(i)}, new double[0]);
      float got = z.get(i);
      String what = x.get(i) + "^" + y.get(i) + " = " + got + ", should be " + want;
      if (Double.isNaN(want)) {
        assertThat(got).as(what).isNaN();
      } else if (Math.abs(want) > Float.MAX_VALUE) {
        assertThat(got).as(what).isEqualTo((float) (Math.signum(want) * Float.POSITIVE_INFINITY));
      } else if (Math.abs(want) < Float.MIN_NORMAL) {
        assertThat(Math.abs(got - want)).as(what).isLessThanOrEqualTo(Float.MIN_NORMAL);
      } else {
        assertThat(Math.abs(got - want)).as(what).isLessThanOrEqualTo(4 * Math.ulp((float) want));
      }
    }
  }
}
