package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The driver: every path that it chooses among, split or not, gives the product. */
class MultiplyTest {
  static List<int[]> shapes() {
    var shapes = new ArrayList<int[]>();
    for (int m : new int[] {1, 2, 3, 5, 8, 9}) {
      for (int n : new int[] {1, 2, 7, 8, 13, 40}) {
        for (int k : new int[] {0, 1, 15, 16, 37}) {
          shapes.add(new int[] {m, n, k});
          shapes.add(new int[] {n, m, k});
        }
      }
    }
    shapes.add(new int[] {1, 1500, 1100});
    shapes.add(new int[] {1500, 1, 1100});
    shapes.add(new int[] {300, 280, 90});
    shapes.add(new int[] {700, 20, 300});
    return shapes;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void equalsTheSumInDouble(int[] shape) {
    for (int transposes = 0; transposes < 4; transposes++) {
      for (float beta : new float[] {0, 1, 0.25f}) {
        for (int extra = 0; extra < 2; extra++) {
          float alpha = beta == 1 ? 0.5f : 1;
          var c = gemm(transposes, shape, alpha, beta, extra);
          c.multiply();
          c.compare(false, false);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 300, 70",
    "6, 37, 11",
    "65, 130, 64",
    "400, 500, 60",
    "70, 1, 40",
    "30, 5, 400",
    "9, 6, 50"
  })
  void affineAddsBiasAndClamps(int m, int n, int k) {
    for (int transposes = 0; transposes < 4; transposes++) {
      for (boolean relu : new boolean[] {false, true}) {
        var c = gemm(transposes, new int[] {m, n, k}, 1, 0, 1);
        c.affine(relu);
        c.compare(true, relu);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3000, 900",
    "8, 2000, 700",
    "500, 600, 100",
    "3000, 1, 900",
    "900, 10, 500",
    "900, 7, 600"
  })
  void anyNumberOfThreadsGivesTheSameBits(int m, int n, int k) {
    for (int transposes = 0; transposes < 4; transposes++) {
      var c = gemm(transposes, new int[] {m, n, k}, 1, 0, 0);
      Parallel.limit(1, c::multiply);
      float[] alone = c.c();
      c.clear();
      c.multiply();
      assertThat(c.c()).isEqualTo(alone);
    }
  }

  @ParameterizedTest
  @CsvSource({"7, 3, 5, 9", "40, 33, 20, 64", "3, 300, 300, 100", "100, 1, 64, 64"})
  void batchesEqualTheirProducts(int batch, int m, int n, int k) {
    for (boolean tb : new boolean[] {false, true}) {
      for (boolean broadcast : new boolean[] {false, true}) {
        try (var arena = Arena.ofShared()) {
          long strideA = (long) m * k;
          long strideB = broadcast ? 0 : (long) k * n;
          long strideC = (long) m * n + 5;
          long a = random(arena, batch * strideA, 1);
          long b = random(arena, (long) batch * k * n, 2);
          long c = random(arena, batch * strideC, 3);
          long expected = random(arena, strideC, 4);
          int ldb = tb ? k : n;
          Multiply.batched(
              batch, false, tb, m, n, k, 1, a, k, strideA, b, ldb, strideB, 0, c, n, strideC);
          for (int i = 0; i < batch; i++) {
            long ai = a + 4 * i * strideA;
            long bi = b + 4 * i * strideB;
            Multiply.run(false, tb, m, n, k, 1, ai, k, bi, ldb, 0, expected, n);
            for (long j = 0; j < (long) m * n; j++) {
              assertThat(Vectors.get(c + 4 * (i * strideC + j)))
                  .isEqualTo(Vectors.get(expected + 4 * j));
            }
          }
        }
      }
    }
  }

  @Test
  void nothingToDoIsFine() {
    Multiply.batched(0, false, false, 2, 2, 2, 1, 0, 2, 4, 0, 2, 4, 0, 0, 2, 4);
    Multiply.run(false, false, 0, 2, 2, 1, 0, 2, 0, 2, 0, 0, 2);
    assertThat(Multiply.implementation()).isNotEmpty();
  }

  private static GemmCase gemm(int transposes, int[] shape, float alpha, float beta, int extra) {
    boolean ta = (transposes & 1) != 0;
    boolean tb = (transposes & 2) != 0;
    return new GemmCase(ta, tb, shape[0], shape[1], shape[2], alpha, beta, extra);
  }

  private static long random(Arena arena, long count, long seed) {
    var random = new java.util.SplittableRandom(seed);
    long address = arena.allocate(4 * count + 64, 4).address();
    for (long i = 0; i < count; i++) {
      Vectors.set(address + 4 * i, (float) random.nextDouble(-1, 1));
    }
    return address;
  }
}
