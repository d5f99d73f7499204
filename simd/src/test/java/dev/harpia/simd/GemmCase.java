package dev.harpia.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** One product with random operands whose rows are further apart than they are long. */
final class GemmCase {
  private static final float CANARY = 1234.5f;

  final boolean ta;
  final boolean tb;
  final int m;
  final int n;
  final int k;
  final float alpha;
  final float beta;
  final int lda;
  final int ldb;
  final int ldc;
  final long a;
  final long b;
  final long c;
  final Arena arena = Arena.ofAuto();
  final long bias;
  private final float[] before;

  GemmCase(boolean ta, boolean tb, int m, int n, int k, float alpha, float beta, int extra) {
    this.ta = ta;
    this.tb = tb;
    this.m = m;
    this.n = n;
    this.k = k;
    this.alpha = alpha;
    this.beta = beta;
    lda = (ta ? m : k) + extra;
    ldb = (tb ? k : n) + extra;
    ldc = n + extra;
    var random = new SplittableRandom(m * 31L + n * 17L + k);
    a = allocate((ta ? k : m) * lda, random);
    b = allocate((tb ? n : k) * ldb, random);
    bias = allocate(n, random);
    long start = allocate((m + 2) * ldc + 64, random);
    c = start + 4L * ldc;
    before = new float[m * n];
    for (int i = 0; i < (m + 2) * ldc + 64; i++) {
      int row = (ldc == 0 ? 0 : i / ldc) - 1;
      int column = ldc == 0 ? 0 : i % ldc;
      if (row < 0 || row >= m || column >= n) {
        Vectors.set(start + 4L * i, CANARY);
      } else if (beta == 0) {
        Vectors.set(start + 4L * i, Float.NaN); // must not be read
      } else {
        before[row * n + column] = Vectors.get(start + 4L * i);
      }
    }
  }

  private long allocate(int count, SplittableRandom random) {
    long address = arena.allocate(4L * count + 64, 4).address();
    for (int i = 0; i < count; i++) {
      Vectors.set(address + 4L * i, (float) random.nextDouble(-1, 1));
    }
    return address;
  }

  void a(int index, float value) {
    Vectors.set(a + 4L * index, value);
  }

  void clear() {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        Vectors.set(c + 4L * (i * ldc + j), Float.NaN);
      }
    }
  }

  float[] c() {
    float[] values = new float[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        values[i * n + j] = Vectors.get(c + 4L * (i * ldc + j));
      }
    }
    return values;
  }

  void run(long biasOrNone, boolean relu) {
    VectorGemm.run(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, biasOrNone, relu);
    java.lang.ref.Reference.reachabilityFence(arena);
  }

  void runInPieces(int rows, int columns) {
    for (int i = 0; i < m; i += rows) {
      for (int j = 0; j < n; j += columns) {
        VectorGemm.run(
            ta,
            tb,
            Math.min(rows, m - i),
            Math.min(columns, n - j),
            k,
            alpha,
            a + 4L * (ta ? i : i * lda),
            lda,
            b + 4L * (tb ? j * ldb : j),
            ldb,
            beta,
            c + 4L * (i * ldc + j),
            ldc,
            0,
            false);
      }
    }
    java.lang.ref.Reference.reachabilityFence(arena);
  }

  void multiply() {
    Multiply.run(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    java.lang.ref.Reference.reachabilityFence(arena);
  }

  void affine(boolean relu) {
    Multiply.affine(ta, tb, m, n, k, a, lda, b, ldb, bias, relu, c, ldc);
    java.lang.ref.Reference.reachabilityFence(arena);
  }

  void check() {
    run(0, false);
    compare(false, false);
  }

  void checkAffine() {
    run(bias, true);
    compare(true, true);
    clear();
    run(bias, false);
    compare(true, false);
    clear();
    run(0, true);
    compare(false, true);
  }

  /** The rounding error of a chain of k + 2 steps on terms below 1 is at most (k + 2)² · 2⁻²⁴. */
  void compare(boolean withBias, boolean relu) {
    double tolerance = Math.min((k + 2.0) * (k + 2.0), 60.0 * (k + 2.0)) * 0x1p-24;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          double x = Vectors.get(a + 4L * (ta ? p * lda + i : i * lda + p));
          sum += x * Vectors.get(b + 4L * (tb ? j * ldb + p : p * ldb + j));
        }
        sum *= alpha;
        sum += beta * before[i * n + j] + (withBias ? Vectors.get(bias + 4L * j) : 0);
        double expected = relu ? Math.max(sum, 0) : sum;
        float actual = Vectors.get(c + 4L * (i * ldc + j));
        if (!(Math.abs(actual - expected) <= tolerance)) {
          assertThat((double) actual)
              .as("%s%s %d × %d × %d, element (%d, %d)", ta, tb, m, n, k, i, j)
              .isEqualTo(expected);
        }
      }
    }
    checkCanaries();
  }

  private void checkCanaries() {
    for (int i = -ldc; i < (m + 1) * ldc + 64; i++) {
      boolean inside = i >= 0 && i < m * ldc && i % ldc < n;
      if (!inside) {
        assertThat(Vectors.get(c + 4L * i)).as("canary at %d", i).isEqualTo(CANARY);
      }
    }
  }
}
