package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Expr;
import org.junit.jupiter.api.Test;

class ReductionTest {
  private static final int[] SIZES = {
    0, 1, 2, 7, 8, 15, 16, 17, 31, 63, 64, 65, 127, 4095, 4096, 4100, 16_385, 100_003
  };

  @Test
  void sumsAreExactForWholeNumbers() {
    Kernel k = KernelCompiler.compile("self", Expr.x(0));
    for (int n : SIZES) {
      FloatArray x = new FloatArray(n).fill(i -> i % 7 - 2);
      double want = 0;
      for (int i = 0; i < n; i++) {
        want += i % 7 - 2;
      }
      assertThat(Reduction.sum(k, x.address(), n)).as("n = %d", n).isEqualTo(want);
      assertThat(x.intact(0)).isTrue();
    }
  }

  @Test
  void sumsOfExpressionsKeepDoubleQuality() {
    Expr squares = Expr.x(0).sub(Expr.x(1)).square();
    Expr long_ = Expr.x(0).exp().mul(Expr.x(1).tanh().add(2));
    for (Expr e : new Expr[] {squares, long_}) {
      Kernel k = KernelCompiler.compile("loss", e);
      for (int n : SIZES) {
        FloatArray x = new FloatArray(n).fill(i -> Math.sin(i));
        FloatArray y = new FloatArray(n).fill(i -> Math.cos(3 * i));
        double want = 0;
        for (int i = 0; i < n; i++) {
          want += e.eval(new double[] {x.get(i), y.get(i)}, new double[0]);
        }
        assertThat(Reduction.sum(k, x.address(), y.address(), n))
            .as("n = %d", n)
            .isCloseTo(want, within(3e-7 * Math.abs(want)));
      }
    }
  }
}
