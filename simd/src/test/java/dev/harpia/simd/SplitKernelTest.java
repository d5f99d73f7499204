package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.harpia.tensor.Expr;
import org.junit.jupiter.api.Test;

/** Expressions beyond one loop's size. */
class SplitKernelTest {
  private static final Expr X = Expr.x(0);
  private static final Expr Y = Expr.x(1);

  /** Eight powers and logarithms, and a random draw. */
  private static Expr large() {
    Expr sum = Expr.uniform(0).add(X);
    for (int i = 1; i <= 4; i++) {
      sum = sum.add(X.add(i).pow(Y)).add(Y.add(i).log().mul(X.tanh()));
    }
    return sum;
  }

  @Test
  void agreesWithTheOracleInPlaceAndPastBlocks() {
    Expr e = large();
    Kernel k = KernelCompiler.compile("large", e);
    assertThat(k).isInstanceOf(SplitKernel.class);
    for (int n : new int[] {1, 17, 4096, 9001}) {
      FloatArray x = new FloatArray(n).fill(i -> 1 + Math.sin(i));
      FloatArray y = new FloatArray(n).fill(i -> 1 + Math.cos(i));
      FloatArray z = new FloatArray(n).fill(i -> x.get(i));
      Elementwise.run(
          k,
          n,
          false,
          0,
          99,
          z.address(),
          z.address(),
          y.address(),
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double want = e.eval(new double[] {x.get(i), y.get(i)}, new double[0], 99, i);
        assertThat((double) z.get(i)).isCloseTo(want, within(2e-6 * Math.abs(want)));
        sum += want;
      }
      assertThat(z.intact(0)).isTrue();
      double total =
          Reduction.sum(
              k, n, 0, 99, x.address(), y.address(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
      assertThat(total).isCloseTo(sum, within(2e-6 * sum));
    }
  }

  @Test
  void severalOutputsAndAScalarInput() {
    Expr e = large();
    Kernel k = KernelCompiler.compile("large2", e.mul(2), e.derivative(0)).broadcast(0b10);
    FloatArray x = new FloatArray(50).fill(i -> 1 + Math.sin(i));
    FloatArray y = new FloatArray(1).fill(i -> 1.5);
    FloatArray value = new FloatArray(50);
    FloatArray slope = new FloatArray(50);
    Elementwise.run(
        k, 50, false, value.address(), slope.address(), x.address(), y.address(), 0, 0, 0, 0);
    for (int i = 0; i < 50; i++) {
      double[] in = {x.get(i), 1.5};
      assertThat((double) value.get(i))
          .isCloseTo(2 * e.eval(in, new double[0], 0, i), within(1e-4));
      assertThat((double) slope.get(i))
          .isCloseTo(e.derivative(0).eval(in, new double[0], 0, i), within(1e-4));
    }
  }
}
