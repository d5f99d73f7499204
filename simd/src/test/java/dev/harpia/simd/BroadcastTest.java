package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.tensor.Expr;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BroadcastTest {
  private static final Kernel SUB = KernelCompiler.compile("sub2", Expr.x(0).sub(Expr.x(1).mul(2)));

  private static int size(int[] dims) {
    return Arrays.stream(dims).reduce(1, Math::multiplyExact);
  }

  private static int index(int flat, int[] out, int[] in) {
    int index = 0;
    int step = 1;
    int rest = flat;
    for (int d = out.length - 1; d >= 0; d--) {
      int at = d - out.length + in.length;
      if (at >= 0) {
        index += in[at] == 1 ? 0 : rest % out[d] * step;
        step *= in[at];
      }
      rest /= out[d];
    }
    return index;
  }

  private static void check(int[] out, int[] a, int[] b, boolean padded, boolean inPlace) {
    FloatArray x = new FloatArray(size(a)).fill(i -> i % 1000);
    FloatArray y = new FloatArray(size(b)).fill(i -> i * 7 % 1000);
    FloatArray z = inPlace ? x : new FloatArray(size(out));
    Broadcast.of(out, a, b).binary(SUB, z.address(), x.address(), y.address(), padded);
    String what = Arrays.toString(a) + " and " + Arrays.toString(b) + " to " + Arrays.toString(out);
    for (int i = 0; i < z.size; i++) {
      float want = index(i, out, a) % 1000 - 2 * (index(i, out, b) * 7 % 1000);
      assertThat(z.get(i)).as("%s: element %d", what, i).isEqualTo(want);
    }
    assertThat(z.intact(padded ? Vectors.LANES : 0)).as(what).isTrue();
  }

  @Test
  void usualShapes() {
    int[][][] shapes = {
      {{}, {}, {}},
      {{5}, {5}, {}},
      {{5}, {1}, {5}},
      {{70, 10}, {70, 10}, {10}},
      {{70, 10}, {70, 10}, {70, 1}},
      {{70, 1}, {70, 1}, {1}},
      {{7, 10}, {7, 1}, {1, 10}},
      {{3, 1000}, {3, 1000}, {1000}},
      {{9, 600}, {9, 600}, {9, 1}},
      {{300, 24, 3, 3}, {300, 24, 3, 3}, {24, 1, 1}},
      {{4, 24, 30, 30}, {4, 24, 30, 30}, {24, 1, 1}},
      {{2, 3, 4, 5, 6}, {2, 1, 4, 1, 6}, {3, 1, 5, 1}},
      {{0, 5}, {0, 5}, {5}}
    };
    for (int[][] s : shapes) {
      check(s[0], s[1], s[2], false, false);
      check(s[0], s[1], s[2], true, false);
    }
  }

  @Test
  void randomShapes() {
    Random random = new Random(3);
    for (int t = 0; t < 1500; t++) {
      int rank = random.nextInt(6);
      int[] out = new int[rank];
      int[] a = new int[rank];
      int[] b = new int[rank];
      int longest = t % 2 == 0 ? 4 : 12;
      for (int d = 0; d < rank; d++) {
        out[d] = 1 + random.nextInt(random.nextInt(10) == 0 ? 130 : longest);
        out[d] = size(Arrays.copyOf(out, d + 1)) > 20_000 ? 1 : out[d];
        boolean stretched = random.nextInt(3) == 0;
        a[d] = stretched ? 1 : out[d];
        b[d] = !stretched && random.nextBoolean() ? 1 : out[d];
      }
      int drop = (int) IntStream.of(b).takeWhile(v -> v == 1).count();
      check(
          out,
          a,
          Arrays.copyOfRange(b, random.nextBoolean() ? drop : 0, rank),
          random.nextBoolean(),
          Arrays.equals(a, out) && random.nextInt(4) == 0);
    }
  }
}
