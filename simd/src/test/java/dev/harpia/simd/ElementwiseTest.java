package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.CounterRandom;
import dev.harpia.tensor.Expr;
import org.junit.jupiter.api.Test;

class ElementwiseTest {
  private static final Expr X = Expr.x(0);
  private static final Expr Y = Expr.x(1);

  @Test
  void everySizeAroundVectorsStaysWithinItsBounds() {
    Kernel k = KernelCompiler.compile("sub", X.sub(Y));
    for (int n = 0; n <= 2 * Vectors.LANES + 1; n++) {
      for (boolean padded : new boolean[] {false, true}) {
        FloatArray x = new FloatArray(n).fill(i -> 10 + i);
        FloatArray y = new FloatArray(n).fill(i -> 2 * i);
        FloatArray z = new FloatArray(n);
        Elementwise.binary(k, z.address(), x.address(), y.address(), n, padded);
        for (int i = 0; i < n; i++) {
          assertThat(z.get(i)).as("%d of %d", i, n).isEqualTo(10 - i);
        }
        assertThat(z.intact(padded ? Vectors.LANES : 0))
            .as("n = %d, padded %s", n, padded)
            .isTrue();
        assertThat(x.intact(0) && y.intact(0)).isTrue();
      }
    }
  }

  @Test
  void manyPiecesGiveTheSameAsOne() {
    int n = 100_003;
    Kernel k = KernelCompiler.compile("exp_plus", X.exp().add(Y));
    FloatArray x = new FloatArray(n).fill(i -> Math.sin(i));
    FloatArray y = new FloatArray(n).fill(i -> i);
    FloatArray whole = new FloatArray(n);
    FloatArray parts = new FloatArray(n);
    Elementwise.binary(k, whole.address(), x.address(), y.address(), n, false);
    for (int from = 0; from < n; from += 777) {
      long b = 4L * from;
      Elementwise.binary(
          k, parts.address() + b, x.address() + b, y.address() + b, Math.min(777, n - from), false);
    }
    for (int i = 0; i < n; i++) {
      assertThat(parts.get(i)).isEqualTo(whole.get(i));
    }
  }

  @Test
  void severalOutputsInPlace() {
    Kernel swap = KernelCompiler.compile("swap", Y, X);
    FloatArray x = new FloatArray(37).fill(i -> i);
    FloatArray y = new FloatArray(37).fill(i -> -i);
    Elementwise.run(
        swap, 37, false, x.address(), y.address(), x.address(), y.address(), 0, 0, 0, 0);
    for (int i = 0; i < 37; i++) {
      assertThat(x.get(i)).isEqualTo(-i);
      assertThat(y.get(i)).isEqualTo(i);
    }
    assertThat(x.intact(0) && y.intact(0)).isTrue();
  }

  @Test
  void accumulatingAdds() {
    Kernel k = KernelCompiler.compile("twice", X.mul(2)).accumulating();
    FloatArray x = new FloatArray(21).fill(i -> i);
    FloatArray y = new FloatArray(21).fill(i -> 100);
    Elementwise.unary(k, y.address(), x.address(), 21, false);
    for (int i = 0; i < 21; i++) {
      assertThat(y.get(i)).isEqualTo(100 + 2 * i);
    }
    assertThat(y.intact(0)).isTrue();
  }

  @Test
  void scalarsParametersAndIntegers() {
    Expr e = Expr.xi(0).mul(Expr.p(2)).add(Y);
    Kernel k = KernelCompiler.compile("scaled_index", e).broadcast(0b10);
    FloatArray x = new FloatArray(19);
    for (int i = 0; i < 19; i++) {
      Vectors.setInt(x.address() + 4L * i, i - 5);
    }
    FloatArray y = new FloatArray(1).fill(i -> 7);
    FloatArray z = new FloatArray(19);
    Elementwise.run(
        k,
        19,
        false,
        0,
        0,
        z.address(),
        x.address(),
        y.address(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        3,
        0,
        0,
        0,
        0,
        0);
    for (int i = 0; i < 19; i++) {
      assertThat(z.get(i)).isEqualTo(3 * (i - 5) + 7);
    }
  }

  @Test
  void randomDrawsDependOnSeedStreamAndIndexAlone() {
    Kernel k = KernelCompiler.compile("draw", Expr.uniform(3));
    int n = 5000;
    long seed = 0x123456789abcdefL;
    FloatArray z = new FloatArray(n);
    Elementwise.run(
        k, 4999, false, 1, seed, z.address() + 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    Elementwise.run(k, 1, false, 0, seed, z.address(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    double mean = 0;
    double square = 0;
    double neighbours = 0;
    for (int i = 0; i < n; i++) {
      assertThat(z.get(i)).isEqualTo(CounterRandom.uniform(seed, 3, i)).isBetween(0f, 0.9999999f);
      mean += z.get(i) / n;
      square += z.get(i) * z.get(i) / n;
      neighbours += i == 0 ? 0 : (z.get(i) - 0.5) * (z.get(i - 1) - 0.5) / n;
    }
    // five standard deviations
    assertThat(mean).isBetween(0.5 - 0.0204, 0.5 + 0.0204);
    assertThat(square).isBetween(1 / 3.0 - 0.0211, 1 / 3.0 + 0.0211);
    assertThat(neighbours).isBetween(-0.0059, 0.0059);
  }
}
